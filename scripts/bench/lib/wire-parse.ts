export interface Answer {
  status: number;
  /** Names in lower case. */
  headers: Map<string, string>;
  body: string;
}

export interface Framed {
  answer: Answer;
  /** Bytes that the answer took. */
  length: number;
}

const END_OF_HEAD = "\r\n\r\n";

/** The answer that the bytes begin with; undefined while it is not whole. */
export function parseAnswer(bytes: Buffer): Framed | undefined {
  const headEnd = bytes.indexOf(END_OF_HEAD);
  if (headEnd === -1) return undefined;
  const [first = "", ...lines] = bytes.toString("latin1", 0, headEnd).split("\r\n");
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const start = headEnd + END_OF_HEAD.length;
  const framed =
    headers.get("transfer-encoding") === "chunked"
      ? readChunks(bytes, start)
      : readSized(bytes, start, Number(headers.get("content-length") ?? 0));
  if (!framed) return undefined;
  const answer = { status: Number(first.split(" ")[1]), headers, body: framed.body };
  return { answer, length: framed.end };
}

function readSized(bytes: Buffer, start: number, size: number) {
  const end = start + size;
  return bytes.length < end ? undefined : { body: bytes.toString("utf8", start, end), end };
}

function readChunks(bytes: Buffer, start: number) {
  const parts: Buffer[] = [];
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    const dataEnd = lineEnd + 2 + size;
    if (Number.isNaN(size) || bytes.length < dataEnd + 2) return undefined;
    if (size === 0) return { body: Buffer.concat(parts).toString("utf8"), end: dataEnd + 2 };
    parts.push(bytes.subarray(lineEnd + 2, dataEnd));
    at = dataEnd + 2;
  }
}
