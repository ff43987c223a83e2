import { RE2JS } from "re2js";
import { spend, Unsure } from "./steps.ts";

/** Characters of a pattern that is looked at. */
export const MAX_PATTERN = 1_000;
/** Compiling takes about so many times as long as one character of a match. */
const COMPILE_FACTOR = 100;
/** White space that ECMAScript's \s means and RE2's does not, and ends of lines that its dot does not take. */
const WIDE = /[\v\r\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]/;

/** As Ajv asks for it. */
export interface LinearPattern {
  test(text: string): boolean;
  /** The same for the same pattern: Ajv tells patterns apart by it. */
  toString(): string;
}

/**
 * Compiles a pattern of a schema by RE2, whose time grows with the length of the text only, whatever
 * the pattern is. Undefined for one that RE2 does not have: with look-around or back-references, or too large.
 */
export function linearPattern(pattern: string): LinearPattern | undefined {
  const compiled = pattern.length <= MAX_PATTERN ? compile(pattern) : undefined;
  if (!compiled) return undefined;
  const size = compiled.programSize();
  spend(size * COMPILE_FACTOR);
  return {
    test: (text) => {
      spend(size * (text.length + 1));
      if (WIDE.test(text)) throw new Unsure();
      return compiled.test(text);
    },
    toString: () => `RE2 ${pattern}`,
  };
}

function compile(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern));
  } catch {
    return undefined;
  }
}
