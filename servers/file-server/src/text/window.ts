import { wholeStart } from "./boundaries.ts";
import type { Encoding } from "./encoding.ts";
import type { Source } from "./source.ts";

/** Bytes before a place in which a character that goes on behind it can have begun. */
const LOOK_BACK_BYTES = 4;

export interface Window {
  /** A few bytes in front of `from`; none where the text begins. */
  before: Buffer;
  start: number;
  bytes: Buffer;
}

/** Bytes from `from` on, moved to the first whole character. `from` is at a whole unit. */
export async function readWindow(
  source: Source,
  from: number,
  length: number,
  { bom, name }: Encoding,
): Promise<Window> {
  const back = Math.min(LOOK_BACK_BYTES, from - bom);
  const all = await source.read(from - back, back + length);
  const before = all.subarray(0, back);
  const bytes = all.subarray(back);
  const skipped = wholeStart(before, bytes, name);
  return { before, start: from + skipped, bytes: bytes.subarray(skipped) };
}
