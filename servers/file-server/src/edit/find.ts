import { CR, LF, type Units } from "./units.ts";

/** A part of a text, in units. */
export interface Range {
  start: number;
  end: number;
}

type Data = Units["data"];

/**
 * Where `wanted` stands in `text`, without overlaps. A line feed in it also stands for a carriage
 * return with a line feed, so that nobody has to know how the lines of a file end. Takes time that
 * grows with the lengths alone (Knuth, Morris, Pratt), whatever repeats in them. Stops behind `most`.
 */
export function findAll(text: Data, wanted: Data, most: number): Range[] {
  const pattern = withoutReturns(wanted);
  const back = fallbacks(pattern);
  const found: Range[] = [];
  let fits = 0;
  for (let i = 0; i < text.length && found.length < most; i += 1) {
    const unit = text[i];
    if (unit === CR && text[i + 1] === LF) continue;
    while (fits > 0 && pattern[fits] !== unit) fits = back[fits - 1] ?? 0;
    if (pattern[fits] === unit) fits += 1;
    if (fits === pattern.length) {
      found.push({ start: startOf(text, pattern, i), end: i + 1 });
      fits = 0;
    }
  }
  return found;
}

/** Carriage returns in front of a line feed are left out on both sides. */
function withoutReturns(data: Data): Data {
  return data.filter((unit, index) => unit !== CR || data[index + 1] !== LF);
}

/** For each length of a part that fits: the length of the longest shorter one that fits too. */
function fallbacks(pattern: Data): Int32Array {
  const back = new Int32Array(pattern.length);
  let fits = 0;
  for (let i = 1; i < pattern.length; i += 1) {
    while (fits > 0 && pattern[fits] !== pattern[i]) fits = back[fits - 1] ?? 0;
    if (pattern[fits] === pattern[i]) fits += 1;
    back[i] = fits;
  }
  return back;
}

/** Walks back over the carriage returns that were left out. */
function startOf(text: Data, pattern: Data, last: number): number {
  let at = last + 1;
  for (let i = pattern.length - 1; i >= 0; i -= 1) {
    at -= 1;
    if (pattern[i] === LF && text[at - 1] === CR) at -= 1;
  }
  return at;
}
