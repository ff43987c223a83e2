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

/** In an object, so that a call neither looks for its key twice nor makes a number to keep. */
interface Bucket {
  fullAt: number;
}

/**
 * The generic cell rate algorithm: one number a key says when its bucket is full again. `take` returns 0
 * when it lets through, else the milliseconds until it will.
 */
export class LocalLimiter {
  readonly #buckets = new Map<string, Bucket>();
  readonly #now: () => number;
  #sweepAt = SWEEP_AT;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  take(key: string, { emissionMs, burst }: Rule): number {
    const now = this.#now();
    const bucket = this.#buckets.get(key);
    const fullAt = Math.max(now, bucket?.fullAt ?? 0) + emissionMs;
    const wait = fullAt - now - burst * emissionMs;
    if (wait > 0) return wait;
    if (bucket) bucket.fullAt = fullAt;
    else {
      this.#buckets.set(key, { fullAt });
      if (this.#buckets.size > this.#sweepAt) this.#sweep(now);
    }
    return 0;
  }

  /** Whether `take` would let through, without taking. */
  isFree(key: string, { emissionMs, burst }: Rule): boolean {
    const now = this.#now();
    return (
      Math.max(now, this.#buckets.get(key)?.fullAt ?? 0) + emissionMs - now <= burst * emissionMs
    );
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** Keys that are full are as if they had never been; when most are not, the next sweep waits longer. */
  #sweep(now: number): void {
    for (const [key, { fullAt }] of this.#buckets) if (fullAt <= now) this.#buckets.delete(key);
    this.#sweepAt = Math.max(SWEEP_AT, 2 * this.#buckets.size);
  }
}
