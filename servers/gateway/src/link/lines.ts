import type { Readable } from "node:stream";

/** Bytes of one message of a server; what is longer is dropped while it is read. */
export const MAX_MESSAGE_BYTES = 10 * 1024 * 1024;
/** Bytes kept of both ends of a line that was dropped, to tell whose answer it was. */
const KEPT_BYTES = 512;

const NEWLINE = 10;

export interface LineReader {
  onLine(text: string): void;
  /** A line over the limit, of which only its ends are known. */
  onLong?(head: string, tail: string): void;
}

/** Splits a stream into lines, holding no more than `limit` bytes of one. */
export function readLines(
  stream: Readable,
  { onLine, onLong }: LineReader,
  limit = MAX_MESSAGE_BYTES,
): void {
  let parts: Buffer[] = [];
  let size = 0;
  let head = "";
  let tail = Buffer.alloc(0);

  function add(piece: Buffer): void {
    size += piece.length;
    if (size <= limit) {
      parts.push(piece);
      return;
    }
    if (parts.length > 0) {
      head = Buffer.concat(parts).subarray(0, KEPT_BYTES).toString("utf8");
      parts = [];
    }
    tail = Buffer.concat([tail, piece.subarray(-KEPT_BYTES)]).subarray(-KEPT_BYTES);
  }

  function finish(): void {
    if (size > limit) onLong?.(head, tail.toString("utf8"));
    else if (size > 0) onLine(Buffer.concat(parts, size).toString("utf8"));
    parts = [];
    size = 0;
    head = "";
    tail = Buffer.alloc(0);
  }

  stream.on("data", (chunk: Buffer) => {
    let start = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, at));
      finish();
      start = at + 1;
    }
    if (start < chunk.length) add(chunk.subarray(start));
  });
  stream.on("error", () => {}); // the end of its process tells more
}
