/** Upper bounds of the buckets, in milliseconds; what takes longer is in one more. */
export const BOUNDS_MS: readonly number[] = [
  0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
];

/** How long calls took: plain numbers, so that one more costs a loop over a few of them. */
export class Histogram {
  readonly buckets = new Uint32Array(BOUNDS_MS.length + 1);
  count = 0;
  sumMs = 0;

  observe(ms: number): void {
    let bucket = 0;
    while (bucket < BOUNDS_MS.length && ms > (BOUNDS_MS[bucket] ?? 0)) bucket++;
    this.buckets[bucket] = (this.buckets[bucket] ?? 0) + 1;
    this.count++;
    this.sumMs += ms;
  }

  add(other: Histogram): void {
    for (const [index, inside] of other.buckets.entries())
      this.buckets[index] = (this.buckets[index] ?? 0) + inside;
    this.count += other.count;
    this.sumMs += other.sumMs;
  }

  clear(): void {
    this.buckets.fill(0);
    this.count = 0;
    this.sumMs = 0;
  }

  /** Milliseconds that this share of the calls did not exceed, within its bucket; null without calls. */
  quantile(share: number): number | null {
    if (this.count === 0) return null;
    const wanted = share * this.count;
    let below = 0;
    for (const [index, inside] of this.buckets.entries()) {
      if (below + inside < wanted) {
        below += inside;
        continue;
      }
      const from = BOUNDS_MS[index - 1] ?? 0;
      const to = BOUNDS_MS[index] ?? from;
      return from + ((to - from) * (wanted - below)) / Math.max(1, inside);
    }
    return BOUNDS_MS.at(-1) ?? null;
  }
}
