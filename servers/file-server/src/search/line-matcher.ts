import { setFlagsFromString } from "node:v8";
import { refuse } from "../sandbox/refuse.ts";

/** Characters of a text or expression that is searched for. */
export const MAX_SEARCH_CHARS = 1_000;
/** Characters of a line that are looked at; what is behind them is not found. */
export const MAX_LINE_CHARS = 16_384;

export interface Wanted {
  pattern: string;
  isRegex: boolean;
  ignoreCase: boolean;
}

/** Where a line fits first, counted from 0; -1 when it does not. */
export type LineMatcher = (line: string) => number;

/**
 * Expressions run in V8's engine without backtracking (flag `l`), which takes time in proportion to
 * the line and refuses what it cannot do so: references back, looking around, large counts. It knows
 * no case, so letters are spelled both ways.
 */
export function lineMatcher({ pattern, isRegex, ignoreCase }: Wanted): LineMatcher {
  if (!isRegex && !ignoreCase) return (line) => line.indexOf(pattern);
  const source = isRegex ? pattern : literal(pattern);
  const expression = linear(ignoreCase ? bothCases(source) : source);
  return (line) => line.slice(0, MAX_LINE_CHARS).search(expression);
}

/** Bytes that a file must have to be worth decoding; none unless every encoding but UTF-16 has the same. */
export function needleOf({ pattern, isRegex, ignoreCase }: Wanted): Buffer | undefined {
  const isAscii = /^[\0-\x7f]*$/.test(pattern);
  return isRegex || ignoreCase || !isAscii ? undefined : Buffer.from(pattern);
}

const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

function linear(source: string): RegExp {
  try {
    new RegExp(source); // a fault of writing is told apart from one of the engine
  } catch {
    throw refuse("invalid_pattern", { because: "This is no regular expression" });
  }
  try {
    setFlagsFromString("--enable-experimental-regexp-engine");
    return new RegExp(source, "l");
  } catch {
    throw refuse("invalid_pattern", {
      because:
        "The expression cannot be run in linear time: leave out look-around, references back, \\p and counts over 16",
    });
  }
}

/** Parts of an expression: escapes with what belongs to them, classes, and single characters. */
const PARTS =
  /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|c[A-Za-z]|k<[^>]*>|[\s\S])|\(\?<[A-Za-z_]\w*>|\[(?:\\[\s\S]|[^\]\\])*\]|[\s\S]/g;

/** Every letter as a class of both its cases, in classes beside each other. */
function bothCases(source: string): string {
  return source.replace(PARTS, (part) => {
    if (part.startsWith("[")) return part.replace(IN_CLASS, bothInClass);
    if (part.length > 1) return part;
    const [lower, upper] = casesOf(part);
    return lower === upper ? part : `[${lower}${upper}]`;
  });
}

const IN_CLASS =
  /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|c[A-Za-z]|[\s\S])|[a-z]-[a-z]|[A-Z]-[A-Z]|[\s\S]/g;

function bothInClass(part: string): string {
  if (part.startsWith("\\")) return part;
  if (part.length === 3) return part.toLowerCase() + part.toUpperCase();
  const [lower, upper] = casesOf(part);
  return lower === upper ? part : `${lower}${upper}`;
}

/** Only cases of one character each: ß has none. */
function casesOf(character: string): [string, string] {
  const [lower, upper] = [character.toLowerCase(), character.toUpperCase()];
  return lower.length === 1 && upper.length === 1 ? [lower, upper] : [character, character];
}
