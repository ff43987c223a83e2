import { setImmediate as nextTurn } from "node:timers/promises";
import { ByteBudget } from "../listing/byte-budget.ts";

/** Entries that one call looks at; the next page goes on behind them. */
export const MAX_VISITED = 200_000;
/** Milliseconds after which a call answers with what it has. */
export const MAX_SEARCH_MS = 20_000;
/** Milliseconds after which other calls get a turn. */
const TURN_MS = 20;
/** Entries between two reports of progress. */
export const ENTRIES_A_REPORT = 5_000;

export interface SearchLimits {
  matches: number;
  visited?: number;
  ms?: number;
  onProgress?: (visited: number, matches: number) => void;
}

/** What one call may cost: matches, bytes, entries looked at, time. */
export class SearchBudget {
  visited = 0;
  #matches = 0;
  readonly #limits: Required<SearchLimits>;
  readonly #bytes = new ByteBudget();
  readonly #end: number;
  #turnEnds = performance.now() + TURN_MS;

  constructor({ matches, visited = MAX_VISITED, ms = MAX_SEARCH_MS, onProgress }: SearchLimits) {
    this.#limits = { matches, visited, ms, onProgress: onProgress ?? (() => {}) };
    this.#end = performance.now() + ms;
  }

  isOver(): boolean {
    return performance.now() > this.#end;
  }

  /** Counts an entry. The first is always granted, so that every page gets further. */
  visit(): boolean {
    const isSpent = this.visited >= this.#limits.visited || this.isOver();
    if (isSpent && this.visited > 0) return false;
    this.visited += 1;
    if (this.visited % ENTRIES_A_REPORT === 0) this.#limits.onProgress(this.visited, this.#matches);
    return true;
  }

  /** Counts a match, unless the page is full. */
  take(match: unknown): boolean {
    if (this.#matches >= this.#limits.matches || !this.#bytes.take(match)) return false;
    this.#matches += 1;
    return true;
  }

  /** Lets other calls run, and notices a cancelled one. */
  async breathe(signal: AbortSignal): Promise<void> {
    if (performance.now() < this.#turnEnds) return;
    await nextTurn();
    signal.throwIfAborted();
    this.#turnEnds = performance.now() + TURN_MS;
  }
}
