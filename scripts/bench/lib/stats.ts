/** The value that a share of the samples (0 to 1) does not exceed, between neighbours by their distance. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  if (sorted.length === 0) return Number.NaN;
  const position = (sorted.length - 1) * Math.min(Math.max(share, 0), 1);
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);

export const least = (samples: readonly number[]): number =>
  samples.length === 0 ? Number.NaN : Math.min(...samples);

/** How many times the floor; NaN when there is no floor to compare with. */
export const ratio = (value: number, floor: number): number =>
  floor > 0 ? value / floor : Number.NaN;

const paired = (
  values: readonly number[],
  others: readonly number[],
  compare: (value: number, other: number) => number,
): number =>
  median(
    values.flatMap((value, at) => (at < others.length ? compare(value, others[at] ?? 0) : [])),
  );

/**
 * The median of the ratios of what was measured in the same rounds: a machine that is slow for a while
 * is slow for both, which the ratio of two medians would not know.
 */
export const pairedRatio = (values: readonly number[], floors: readonly number[]): number =>
  paired(values, floors, ratio);

/** The same of differences. */
export const pairedDifference = (values: readonly number[], others: readonly number[]): number =>
  paired(values, others, (value, other) => value - other);

/** The rise of the line that fits the points best, in y for each x. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const above = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const below = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return below === 0 ? Number.NaN : above / below;
}
