import { refuse } from "../sandbox/refuse.ts";
import { wholeEnd } from "./boundaries.ts";
import { type Encoding, unitOf } from "./encoding.ts";
import type { Excerpt } from "./excerpt.ts";
import type { Source } from "./source.ts";
import { readWindow } from "./window.ts";

/** The text from a byte on, moved to the next whole character. */
export async function readOffset(
  source: Source,
  offset: number,
  maxBytes: number,
  encoding: Encoding,
  path: string,
): Promise<Excerpt> {
  if (offset > source.size)
    throw refuse("invalid_range", {
      path,
      because: `Offset ${offset} is behind the end: the file has ${source.size} bytes`,
      details: { size: source.size },
    });
  const from = atUnit(Math.max(offset, encoding.bom), encoding);
  const window = await readWindow(source, from, maxBytes, encoding);
  const isEnd = window.start + window.bytes.length >= source.size;
  const bytes = isEnd
    ? window.bytes
    : window.bytes.subarray(0, wholeEnd(window.bytes, encoding.name));
  return {
    pieces: bytes.length > 0 ? [{ bytes }] : [],
    startOffset: window.start,
    endOffset: window.start + bytes.length,
    cutOffsets: [],
  };
}

/** A byte order mark is as long as a unit, so units begin at even offsets. */
const atUnit = (offset: number, encoding: Encoding) => offset + (offset % unitOf(encoding));
