/** How much is let through: `burst` at once, and one more each `emissionMs`. */
export interface Rule {
  emissionMs: number;
  burst: number;
}

const PER_MS = { second: 1_000, minute: 60_000, hour: 3_600_000 } as const;
export type Period = keyof typeof PER_MS;

/** A rule of so many in a period; without a burst of its own, as many at once. */
export const ruleOf = (rate: number, per: Period, burst = rate): Rule => ({
  emissionMs: PER_MS[per] / rate,
  burst,
});

/** Keys that are remembered before those that are full again are forgotten. */
export const SWEEP_AT = 10_000;

/**
 * The generic cell rate algorithm: one number a key says when its bucket is full again. `take` returns 0
 * when it lets through, else the milliseconds until it will.
 */
export class LocalLimiter {
  readonly #full = new Map<string, number>();
  readonly #now: () => number;
  #sweepAt = SWEEP_AT;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  take(key: string, { emissionMs, burst }: Rule): number {
    const now = this.#now();
    const full = Math.max(now, this.#full.get(key) ?? 0) + emissionMs;
    const wait = full - now - burst * emissionMs;
    if (wait > 0) return wait;
    this.#full.set(key, full);
    if (this.#full.size > this.#sweepAt) this.#sweep(now);
    return 0;
  }

  /** Whether `take` would let through, without taking. */
  isFree(key: string, { emissionMs, burst }: Rule): boolean {
    const now = this.#now();
    return Math.max(now, this.#full.get(key) ?? 0) + emissionMs - now <= burst * emissionMs;
  }

  get size(): number {
    return this.#full.size;
  }

  /** Keys that are full are as if they had never been; when most are not, the next sweep waits longer. */
  #sweep(now: number): void {
    for (const [key, full] of this.#full) if (full <= now) this.#full.delete(key);
    this.#sweepAt = Math.max(SWEEP_AT, 2 * this.#full.size);
  }
}
