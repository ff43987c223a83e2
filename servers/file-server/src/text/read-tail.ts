import { type Encoding, unitOf } from "./encoding.ts";
import type { Excerpt } from "./excerpt.ts";
import { lineEnd } from "./newlines.ts";
import type { Source } from "./source.ts";
import { readWindow, type Window } from "./window.ts";

/** Bytes that mostly hold the last lines that are asked for; where they do not, the rest is read too. */
export const FIRST_BYTES = 16_384;

/** The last lines, as many as fit: only the end of the file is read, however large it is. */
export async function readTail(
  source: Source,
  lines: number,
  maxBytes: number,
  encoding: Encoding,
): Promise<Excerpt> {
  // a file that fits is read as a whole: then its lines have numbers
  if (maxBytes > FIRST_BYTES && source.size > maxBytes + encoding.bom) {
    const { excerpt, found } = await lastLines(source, lines, FIRST_BYTES, encoding);
    if (found >= lines) return excerpt;
  }
  return (await lastLines(source, lines, maxBytes, encoding)).excerpt;
}

/** With how many lines begin in the bytes that were looked at. */
async function lastLines(
  source: Source,
  lines: number,
  maxBytes: number,
  encoding: Encoding,
): Promise<{ excerpt: Excerpt; found: number }> {
  const unit = unitOf(encoding);
  const end = source.size - ((source.size - encoding.bom) % unit);
  const from = Math.max(encoding.bom, end - (maxBytes - (maxBytes % unit)));
  const window = await readWindow(source, from, end - from, encoding);
  const isWhole = from === encoding.bom;
  const starts = lineStarts(window, encoding);
  const found = starts.length;
  const first = starts[Math.max(0, starts.length - lines)];
  const bytes = window.bytes.subarray(first ?? 0);
  const excerpt: Excerpt = {
    pieces: bytes.length > 0 ? [{ bytes }] : [],
    startOffset: window.start + (first ?? 0),
    endOffset: source.size,
    cutOffsets: [],
  };
  // numbers are known only where the beginning of the file was seen
  if (isWhole) {
    const startLine = Math.max(1, starts.length - lines + 1);
    return { excerpt: { ...excerpt, startLine, endLine: found, totalLines: found }, found };
  }
  // the last line alone is longer than what is shown
  const lead = `[this line begins before offset=${excerpt.startOffset}]…`;
  return { excerpt: first === undefined ? { ...excerpt, lead } : excerpt, found };
}

/** Where lines begin in the last bytes of a file. */
function lineStarts({ before, bytes }: Window, encoding: Encoding): number[] {
  const starts = bytes.length > 0 && isLineStart(before, encoding) ? [0] : [];
  let end = lineEnd(bytes, 0, encoding);
  while (end !== -1 && end < bytes.length) {
    starts.push(end);
    end = lineEnd(bytes, end, encoding);
  }
  return starts;
}

/** Whether a line begins behind these bytes, or the text itself. */
function isLineStart(before: Buffer, encoding: Encoding): boolean {
  const last = before.subarray(-unitOf(encoding));
  return last.length === 0 || lineEnd(last, 0, encoding) !== -1;
}
