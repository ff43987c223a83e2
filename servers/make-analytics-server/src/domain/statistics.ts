/** Nearest rank: the smallest value that at least `p` percent of the values do not exceed. Null of nothing. */
export function percentile(values: readonly number[], p: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil((p / 100) * sorted.length));
  return sorted[rank - 1] ?? null;
}

/** The middle value, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}

export const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

export const mean = (values: readonly number[]): number => sum(values) / values.length;

/** Of a sample (n - 1); 0 of fewer than two values. */
export function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const middle = mean(values);
  return Math.sqrt(sum(values.map((value) => (value - middle) ** 2)) / (values.length - 1));
}

export const round = (value: number, digits = 2): number => {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
};

/** Ranks from 1; equal values share the mean of theirs. `ties` is the sum of t^3 - t over them. */
function ranksOf(values: readonly number[]): { ranks: number[]; ties: number } {
  const order = values.map((_, index) => index).sort((a, b) => at(values, a) - at(values, b));
  const ranks: number[] = new Array(values.length).fill(0);
  let ties = 0;
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && at(values, at(order, end)) === at(values, at(order, start)))
      end += 1;
    const size = end - start;
    for (const index of order.slice(start, end)) ranks[index] = (start + 1 + end) / 2;
    ties += size ** 3 - size;
    start = end;
  }
  return { ranks, ties };
}

const at = (values: readonly number[], index: number): number => values[index] ?? Number.NaN;

/**
 * p of the two-sided Mann-Whitney test that two samples are of one distribution: normal approximation
 * with correction for ties and continuity, which holds from some ten values a side. 1 when all are equal.
 */
export function mannWhitney(a: readonly number[], b: readonly number[]): number {
  const [n, m] = [a.length, b.length];
  if (n === 0 || m === 0) return 1;
  const { ranks, ties } = ranksOf([...a, ...b]);
  const u = sum(ranks.slice(0, n)) - (n * (n + 1)) / 2;
  const total = n + m;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (variance <= 0) return 1;
  const distance = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5);
  return Math.min(1, 2 * (1 - normal(distance / Math.sqrt(variance))));
}

/** Distribution function of the standard normal, error below 7.5e-8 (Abramowitz and Stegun 26.2.17). */
function normal(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const poly =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
}

/**
 * p of Fisher's exact test, one-sided: how likely at least `hitsB` of the hits fall into the second
 * sample by chance. For rates, where ranks would be nothing but ties.
 */
export function fisherGreater(
  hitsA: number,
  totalA: number,
  hitsB: number,
  totalB: number,
): number {
  const hits = hitsA + hitsB;
  const all = logChoose(totalA + totalB, hits);
  let p = 0;
  for (let k = hitsB; k <= Math.min(hits, totalB); k += 1)
    if (hits - k <= totalA) p += Math.exp(logChoose(totalB, k) + logChoose(totalA, hits - k) - all);
  return Math.min(1, p);
}

function logChoose(n: number, k: number): number {
  let log = 0;
  for (let i = 1; i <= k; i += 1) log += Math.log(n - k + i) - Math.log(i);
  return log;
}
