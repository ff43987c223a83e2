import { expandBraces, MAX_ALTERNATIVES, MAX_EXPANDED_CHARS } from "./braces.ts";
import { compileSegment, matchSegment, type Segment, type Wild } from "./segment.ts";

/** The longest pattern, characters. */
export const MAX_PATTERN_CHARS = 512;

/** A pattern that means nothing here; the message says what to change. */
export class PatternError extends Error {}

const ANY_DEPTH = Symbol("**");
const END = Symbol("end");
type Step = Segment | typeof ANY_DEPTH | typeof END;

type Steps = readonly Step[];

/** How far each alternative of the pattern has got, and where a name leads from there. */
export class GlobState {
  /** An alternative is at its end: what led here fits. */
  readonly accepts: boolean;
  /** Something below may still fit. */
  readonly isAlive: boolean;
  readonly #steps: Steps;
  readonly #indexes: readonly number[];
  /** Of each plain name the steps behind it, and of each pattern. */
  readonly #names = new Map<string, number[]>();
  readonly #patterns: [pattern: Wild, next: number][] = [];
  /** Of the patterns: how each begins, or else ends; and whether one does neither. */
  readonly #firsts = new Set<number>();
  readonly #lasts = new Set<number>();
  #isOpen = false;
  /** The steps that every name leads to. */
  readonly #always: number[] = [];
  #other: GlobState | undefined;

  constructor(steps: Steps, indexes: readonly number[]) {
    this.#steps = steps;
    this.#indexes = indexes;
    const reached = reach(steps, indexes);
    this.accepts = reached.some((index) => steps[index] === END);
    this.isAlive = reached.some((index) => steps[index] !== END);
    for (const index of reached) this.#add(index, steps[index]);
  }

  /** `name` is folded as the pattern is. Most names lead where every other does: that state is kept. */
  step(name: string): GlobState {
    const exact = this.#names.get(name);
    const hits = this.#mayFit(name) ? this.#patternsThatFit(name) : [];
    if (exact) hits.push(...exact);
    if (hits.length > 0) return new GlobState(this.#steps, [...this.#always, ...hits]);
    this.#other ??= new GlobState(this.#steps, this.#always);
    return this.#other;
  }

  /** Most names fit no pattern by their first character and their last. */
  #mayFit(name: string): boolean {
    return (
      this.#isOpen ||
      this.#firsts.has(name.charCodeAt(0)) ||
      this.#lasts.has(name.charCodeAt(name.length - 1))
    );
  }

  #patternsThatFit(name: string): number[] {
    const hits: number[] = [];
    let characters: string[] | undefined;
    for (const [pattern, next] of this.#patterns) {
      if (!name.startsWith(pattern.head) || !name.endsWith(pattern.tail)) continue;
      characters ??= Array.from(name);
      if (matchSegment(pattern, characters)) hits.push(next);
    }
    return hits;
  }

  #addPattern(pattern: Wild, next: number): void {
    const { head, tail } = pattern;
    this.#patterns.push([pattern, next]);
    if (head !== "") this.#firsts.add(head.charCodeAt(0));
    else if (tail !== "") this.#lasts.add(tail.charCodeAt(tail.length - 1));
    else this.#isOpen = true;
  }

  /** As far as either state of the same pattern has got. */
  with(other: GlobState): GlobState {
    return new GlobState(this.#steps, [...this.#indexes, ...other.#indexes]);
  }

  #add(index: number, step: Step | undefined): void {
    if (step === undefined || step === END) return;
    if (step === ANY_DEPTH) {
      this.#always.push(index);
      // a last ** takes what is inside a folder, not the folder
      if (this.#steps[index + 1] === END) this.#always.push(index + 1);
    } else if (typeof step !== "string") this.#addPattern(step, index + 1);
    else this.#names.set(step, [...(this.#names.get(step) ?? []), index + 1]);
  }
}

/** With every ** that may stand for no folder at all. */
function reach(steps: Steps, indexes: readonly number[]): number[] {
  const reached = new Set<number>();
  for (let index of indexes) {
    reached.add(index);
    while (steps[index] === ANY_DEPTH && steps[index + 1] !== END) {
      index += 1;
      reached.add(index);
    }
  }
  return [...reached];
}

/**
 * A pattern over relative paths, matched name by name while a tree is walked: a folder whose state
 * is dead need not be opened. Each name costs at most its length times the pattern's.
 */
export class Glob {
  readonly start: GlobState;
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
    this.#fold = fold;
    this.start = new GlobState(steps, start);
  }

  step(state: GlobState, name: string): GlobState {
    return state.step(this.#fold(name));
  }

  matches(parts: readonly string[]): boolean {
    let state = this.start;
    for (const part of parts) state = this.step(state, part);
    return state.accepts;
  }
}

export interface GlobOptions {
  /** Compares without case, and without the difference of compatible forms (`ſ` and `s`). */
  ignoreCase?: boolean;
}

const exact = (text: string) => text;
/** Case-insensitive file systems fold more than A to Z: a Kelvin sign opens a file named k. */
const withoutCase = (text: string) =>
  (PLAIN.test(text) ? text : text.normalize("NFKC")).toLowerCase();
const PLAIN = /^[ -~]*$/;

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
