import { expandBraces, MAX_ALTERNATIVES, MAX_EXPANDED_CHARS } from "./braces.ts";
import { compileSegment, matchSegment, type Segment } from "./segment.ts";

/** The longest pattern, characters. */
export const MAX_PATTERN_CHARS = 512;

/** A pattern that means nothing here; the message says what to change. */
export class PatternError extends Error {}

const ANY_DEPTH = Symbol("**");
const END = Symbol("end");
type Step = Segment | typeof ANY_DEPTH | typeof END;

/** How far each alternative of the pattern has got. */
export type GlobState = readonly number[];

/**
 * A pattern over relative paths, matched name by name while a tree is walked: a folder whose state
 * is dead need not be opened. Each name costs at most its length times the pattern's.
 */
export class Glob {
  readonly start: GlobState;
  readonly #steps: readonly Step[];
  readonly #fold: (text: string) => string;

  constructor(alternatives: readonly (readonly string[])[], fold: (text: string) => string) {
    const steps: Step[] = [];
    const start: number[] = [];
    for (const segments of alternatives) {
      start.push(steps.length);
      for (const segment of segments)
        steps.push(segment === "**" ? ANY_DEPTH : compileSegment(fold(segment)));
      steps.push(END);
    }
    this.#steps = steps;
    this.#fold = fold;
    this.start = this.#reach(start);
  }

  step(state: GlobState, name: string): GlobState {
    const folded = this.#fold(name);
    const characters = Array.from(folded);
    const next: number[] = [];
    for (const index of state) {
      const step = this.#steps[index];
      if (step === undefined || step === END) continue;
      if (step === ANY_DEPTH) {
        next.push(index);
        // a last ** takes what is inside a folder, not the folder
        if (this.#steps[index + 1] === END) next.push(index + 1);
      } else if (matchSegment(step, folded, characters)) next.push(index + 1);
    }
    return this.#reach(next);
  }

  accepts(state: GlobState): boolean {
    return state.some((index) => this.#steps[index] === END);
  }

  /** Whether something below may still fit. */
  isAlive(state: GlobState): boolean {
    return state.some((index) => this.#steps[index] !== END);
  }

  matches(parts: readonly string[]): boolean {
    let state = this.start;
    for (const part of parts) state = this.step(state, part);
    return this.accepts(state);
  }

  /** With every ** that may stand for no folder at all. */
  #reach(indexes: readonly number[]): GlobState {
    const reached = new Set<number>();
    for (let index of indexes) {
      reached.add(index);
      while (this.#steps[index] === ANY_DEPTH && this.#steps[index + 1] !== END) {
        index += 1;
        reached.add(index);
      }
    }
    return [...reached];
  }
}

export interface GlobOptions {
  /** Compares without case, and without the difference of compatible forms (`ſ` and `s`). */
  ignoreCase?: boolean;
}

const exact = (text: string) => text;
/** Case-insensitive file systems fold more than A to Z: a Kelvin sign opens a file named k. */
const withoutCase = (text: string) => text.normalize("NFKC").toLowerCase();

/** Throws a PatternError. A pattern without a slash fits names at any depth. */
export function compileGlob(
  patterns: string | readonly string[],
  { ignoreCase = false }: GlobOptions = {},
): Glob {
  const alternatives = [patterns].flat().flatMap((pattern) => compileOne(pattern));
  return new Glob(alternatives, ignoreCase ? withoutCase : exact);
}

function compileOne(pattern: string): string[][] {
  if (pattern === "" || pattern.length > MAX_PATTERN_CHARS)
    throw new PatternError(`A pattern has 1 to ${MAX_PATTERN_CHARS} characters.`);
  const expanded = expandBraces(pattern);
  if (!expanded)
    throw new PatternError(
      `The braces stand for more than ${MAX_ALTERNATIVES} patterns or ${MAX_EXPANDED_CHARS} characters. Use fewer.`,
    );
  return expanded.map((alternative) => toSegments(alternative, pattern));
}

function toSegments(alternative: string, pattern: string): string[] {
  if (alternative.startsWith("/"))
    throw new PatternError("Patterns are relative to the folder: leave out the first slash.");
  const parts = alternative.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw new PatternError("A pattern cannot climb: leave out the dots.");
  if (parts.length === 0) throw new PatternError(`${JSON.stringify(pattern)} fits no name.`);
  const segments = alternative.includes("/") ? parts : ["**", ...parts];
  return segments.filter((part, index) => part !== "**" || segments[index - 1] !== "**");
}
