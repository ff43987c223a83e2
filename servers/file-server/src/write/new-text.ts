import { refuse } from "../sandbox/refuse.ts";
import { encode, markOf } from "../text/encode.ts";
import { detectEncoding, type EncodingName, SAMPLE_BYTES } from "../text/encoding.ts";
import { blocksOf } from "./blocks.ts";
import type { Chunks, Current } from "./replace-file.ts";

export const MODES = ["create", "overwrite", "append"] as const;
export const LINE_ENDS = ["keep", "lf", "crlf"] as const;

export interface NewText {
  content: string;
  mode: (typeof MODES)[number];
  encoding?: EncodingName | undefined;
  eol: (typeof LINE_ENDS)[number];
}

interface Known {
  encoding: EncodingName;
  hasMark: boolean;
  isCrlf: boolean;
}

/** What the file is to hold. A new one is UTF-8; one that is there keeps its encoding and its mark. */
export async function textChunks(
  current: Current | undefined,
  { content, mode, encoding, eol }: NewText,
  { path, copyBytes }: { path: string; copyBytes: number },
): Promise<Chunks> {
  if (current && mode === "create") throw refuse("exists", { path });
  const known = current && (await look(current, mode, path));
  const used = encoding ?? known?.encoding ?? "utf-8";
  if (mode === "append" && current && current.stats.size > 0n) {
    if (encoding && known && encoding !== known.encoding)
      throw refuse("unencodable", {
        path,
        because: `The file is ${known.encoding}; append in that`,
      });
    if (current.stats.size > BigInt(copyBytes))
      throw refuse("too_large", {
        path,
        because: `Files over ${copyBytes} bytes are not appended to`,
        details: { limit: copyBytes },
      });
    const end = eol === "keep" && known?.isCrlf ? "crlf" : eol;
    return joined(blocksOf(current.handle), encode(withEnds(content, end), used, path));
  }
  const wantsMark = encoding ? encoding.startsWith("utf-16") : (known?.hasMark ?? false);
  // a mark in the content is the mark: it is not written twice
  const text = wantsMark && content.startsWith("\ufeff") ? content.slice(1) : content;
  const bytes = encode(withEnds(text, eol), used, path);
  return [wantsMark ? markOf(used) : Buffer.alloc(0), bytes];
}

/** How the file that is there is written; of one that is no text nothing is kept. */
async function look(
  current: Current,
  mode: NewText["mode"],
  path: string,
): Promise<Known | undefined> {
  const sample = Buffer.alloc(SAMPLE_BYTES);
  const { bytesRead } = await current.handle.read(sample, 0, SAMPLE_BYTES, 0);
  const seen = sample.subarray(0, bytesRead);
  try {
    const { name = "utf-8", bom } = detectEncoding(seen, path);
    const text = seen.toString("latin1").replaceAll("\0", "");
    const [ends, returns] = [text.split("\n").length, text.split("\r\n").length];
    return { encoding: name, hasMark: bom > 0, isCrlf: ends > 1 && ends === returns };
  } catch (error) {
    if (mode === "append") throw error;
    return undefined;
  }
}

function withEnds(text: string, eol: NewText["eol"]): string {
  if (eol === "keep") return text;
  return text.replace(/\r?\n/g, eol === "lf" ? "\n" : "\r\n");
}

async function* joined(before: Chunks, after: Uint8Array): AsyncGenerator<Uint8Array> {
  yield* before;
  yield after;
}
