/** Counts requests as they arrive: at most `limit` in any window, and the most there ever were. */
export function createLimit(limit: number, windowMs: number) {
  const arrivals: number[] = [];
  const all: number[] = [];
  let worst = 0;
  let refused = 0;
  return {
    /** Whether one more is let in; one that is refused counts too, for `worst`. */
    take(): boolean {
      const now = performance.now();
      arrivals.push(now);
      all.push(now);
      while ((arrivals[0] ?? now) <= now - windowMs) arrivals.shift();
      worst = Math.max(worst, arrivals.length);
      if (arrivals.length <= limit) return true;
      refused += 1;
      return false;
    },
    /** When each came, milliseconds. */
    all: () => all,
    worst: () => worst,
    refused: () => refused,
  };
}
