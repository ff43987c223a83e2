import { type Encoding, unitOf } from "./encoding.ts";
import { BLOCK_BYTES, type Source } from "./source.ts";

const LF = 0x0a;

/**
 * The index behind the next line feed, or -1. Lines end where `grep` and `git` end them: at a line
 * feed, with or without a carriage return before it. `bytes` begin at a whole unit.
 */
export function lineEnd(bytes: Buffer, from: number, encoding: Encoding): number {
  if (unitOf(encoding) === 1) return bytes.indexOf(LF, from) + 1 || -1;
  const isBig = encoding.name === "utf-16be";
  for (let at = bytes.indexOf(LF, from); at !== -1; at = bytes.indexOf(LF, at + 1)) {
    const start = isBig ? at - 1 : at;
    if (start < from || start % 2 === 1) continue;
    if (bytes[isBig ? at - 1 : at + 1] === 0) return start + 2;
  }
  return -1;
}

/** Bytes that one call looks through to get to a line. Behind that, `offset` is the way. */
export const MAX_SCAN_BYTES = 1_073_741_824;

export interface LinePlace {
  /** From 1. */
  line: number;
  /** Of its first byte. */
  offset: number;
}

export type Scan = { at: LinePlace; found: true } | { at: LinePlace; found: false; isEnd: boolean };

/** Goes from the beginning of one line to the beginning of a later one, block by block. */
export async function skipLines(
  source: Source,
  from: LinePlace,
  toLine: number,
  encoding: Encoding,
  maxBytes: number = MAX_SCAN_BYTES,
): Promise<Scan> {
  let { line, offset } = from;
  let scanned = from.offset;
  while (line < toLine) {
    if (scanned >= source.size) return { at: { line, offset }, found: false, isEnd: true };
    if (scanned - from.offset >= maxBytes)
      return { at: { line, offset }, found: false, isEnd: false };
    const block = await source.read(scanned, BLOCK_BYTES);
    if (block.length === 0) return { at: { line, offset }, found: false, isEnd: true };
    let end = lineEnd(block, 0, encoding);
    while (end !== -1) {
      line += 1;
      offset = scanned + end;
      if (line === toLine) break;
      end = lineEnd(block, end, encoding);
    }
    scanned += block.length;
  }
  return { at: { line, offset }, found: true };
}
