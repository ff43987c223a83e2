import { Histogram } from "./histogram.ts";

/** Seconds that are remembered. */
export const SERIES_SECONDS = 120;

/** One second of all calls. */
export interface SecondOfCalls {
  /** Seconds since the epoch. */
  at: number;
  calls: number;
  errors: number;
  p50Ms: number | null;
  p95Ms: number | null;
}

class Second {
  at = 0;
  errors = 0;
  readonly durations = new Histogram();
}

/** Calls a second and how long they took, of the last two minutes: for a moving chart. */
export class Series {
  readonly #seconds = Array.from({ length: SERIES_SECONDS }, () => new Second());

  add(nowMs: number, ms: number, failed: boolean): void {
    const at = Math.floor(nowMs / 1_000);
    const second = this.#seconds[at % SERIES_SECONDS];
    if (!second) return;
    if (second.at !== at) {
      second.at = at;
      second.errors = 0;
      second.durations.clear();
    }
    second.durations.observe(ms);
    if (failed) second.errors++;
  }

  /** Oldest first, one for each second, also those without calls; the running second is left out. */
  list(nowMs: number, seconds = SERIES_SECONDS - 1): SecondOfCalls[] {
    const now = Math.floor(nowMs / 1_000);
    return Array.from({ length: seconds }, (_, index) => this.#at(now - seconds + index));
  }

  #at(at: number): SecondOfCalls {
    const second = this.#seconds[at % SERIES_SECONDS];
    if (second?.at !== at) return { at, calls: 0, errors: 0, p50Ms: null, p95Ms: null };
    const { durations, errors } = second;
    return {
      at,
      calls: durations.count,
      errors,
      p50Ms: durations.quantile(0.5),
      p95Ms: durations.quantile(0.95),
    };
  }
}
