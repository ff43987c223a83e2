import { setFlagsFromString } from "node:v8";
import { refuse } from "../sandbox/refuse.ts";
import { encode } from "../text/encode.ts";
import type { EncodingName } from "../text/encoding.ts";
import { bothCases, literal } from "./both-cases.ts";

/** Characters of a text or expression that is searched for. */
export const MAX_SEARCH_CHARS = 1_000;
/** Characters of a line that an expression sees; what is behind them is not found. */
export const MAX_LINE_CHARS = 16_384;

export interface Wanted {
  pattern: string;
  isRegex: boolean;
  ignoreCase: boolean;
}

/** Finds lines in a text of many. */
export interface LineMatcher {
  /** Whether the text is given as its bytes, a character each, and not decoded. */
  readonly isRaw: boolean;
  /** Bytes that two pieces of a line must have in common, for nothing to be missed between them. */
  readonly overlap: number;
  /** Where, from an index on, a line may begin to fit; -1 when none can. */
  seek(text: string, from: number): number;
  /** Where a line without its end fits first, counted from 0; -1 when it does not. */
  find(line: string): number;
}

/** How a text or expression is found in files of each encoding. Refuses what is no expression. */
export function lineMatchers({ pattern, isRegex, ignoreCase }: Wanted) {
  if (!isRegex && !ignoreCase)
    return (encoding: EncodingName): LineMatcher => rawMatcher(pattern, encoding);
  const source = isRegex ? pattern : literal(pattern);
  const matcher = expressionMatcher(ignoreCase ? bothCases(source) : source);
  return (): LineMatcher => matcher;
}

/** A text is looked for as its bytes: files are decoded only where they are shown. */
function rawMatcher(pattern: string, encoding: EncodingName): LineMatcher {
  const raw = rawBytes(pattern, encoding);
  if (raw === undefined) return { isRaw: true, overlap: 0, seek: () => -1, find: () => -1 };
  return {
    isRaw: true,
    overlap: raw.length,
    seek: (text, from) => text.indexOf(raw, from),
    find: (line) => line.indexOf(raw),
  };
}

function rawBytes(pattern: string, encoding: EncodingName): string | undefined {
  try {
    return encode(pattern, encoding, "").toString("latin1");
  } catch {
    return undefined; // what the encoding cannot say is in no file of it
  }
}

function expressionMatcher(source: string): LineMatcher {
  const [line, text] = [compile(source, ""), compile(source, "gm")];
  const run = isSlowToCompile(source) ? withoutOptimizing : <T>(find: () => T) => find();
  return {
    isRaw: false,
    overlap: 0,
    // beyond its line an expression may see more; whether the line itself fits is asked of `find`
    seek: (given, from) => {
      for (let start = from; ; ) {
        const end =
          given.length - start > SLICE_CHARS ? lineEnd(given, start + SLICE_CHARS) : given.length;
        text.lastIndex = 0;
        const index = run(() => text.exec(given.slice(start, end))?.index);
        if (index !== undefined) return start + index;
        if (end === given.length) return -1;
        start = end;
      }
    },
    find: (given) => run(() => given.slice(0, MAX_LINE_CHARS).search(line)),
  };
}

/** Characters, and the rest of their line, that an expression is given at once: what V8 needs for it grows with them. */
const SLICE_CHARS = 32_768;

const lineEnd = (text: string, from: number) => text.indexOf("\n", from) + 1 || text.length;

/** Parts that may be left out: with twenty and more V8 takes minutes to compile an optimized program, and cannot be stopped. */
const MAX_OPTIMIZED_PARTS = 16;
const MAX_COUNT = 16;

function isSlowToCompile(source: string): boolean {
  const parts = source.match(/[?*|]|\{\d+,/g)?.length ?? 0;
  return parts * (/\{\d/.test(source) ? MAX_COUNT : 1) > MAX_OPTIMIZED_PARTS;
}

/** V8 compiles an expression when it is run, and again when it has not been for a while. */
function withoutOptimizing<T>(find: () => T): T {
  setFlagsFromString("--no-regexp-optimization");
  try {
    return find();
  } finally {
    setFlagsFromString("--regexp-optimization");
  }
}

/** Steps back that V8 takes with one text before it goes over to the engine that takes none. */
const BACKTRACKS = 1_000_000;

/**
 * V8 has an engine without backtracking (flag `l`), whose time is in proportion to the text, and a
 * compiled one that is a hundred times as quick on nearly all expressions and endless on some. What
 * the first refuses is refused: references back, looking around, large counts. The rest runs in the
 * second, and V8 changes over to the first when it sees too much backtracking.
 */
function compile(source: string, flags: string): RegExp {
  try {
    new RegExp(source, flags); // a fault of writing is told apart from one of the engine
  } catch {
    throw refuse("invalid_pattern", { because: "This is no regular expression" });
  }
  setFlagsFromString("--enable-experimental-regexp-engine");
  setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");
  setFlagsFromString(`--regexp-backtracks-before-fallback=${BACKTRACKS}`);
  try {
    new RegExp(source, `${flags}l`);
  } catch {
    throw refuse("invalid_pattern", {
      because:
        "The expression cannot be run in linear time: leave out look-around, references back, \\p and counts over 16",
    });
  }
  return new RegExp(source, flags);
}
