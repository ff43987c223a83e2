import { Exact, toValue } from "./decimal.ts";

export interface Summary {
  count: number;
  sum: number;
  mean: number;
  median: number;
  min: number;
  max: number;
  range: number;
  firstQuartile: number;
  thirdQuartile: number;
  variance?: number;
  standardDeviation?: number;
}

/** The value below which the share `at` (0 to 1) of sorted numbers lies, by linear interpolation (method 7 of Hyndman and Fan). */
function quantile(sorted: readonly Exact[], at: number): Exact {
  const position = new Exact(sorted.length - 1).times(at);
  const below = position.floor();
  const low = sorted[below.toNumber()] ?? new Exact(Number.NaN);
  const high = sorted[below.toNumber() + 1] ?? low;
  return low.plus(high.minus(low).times(position.minus(below)));
}

/** Statistics of at least one number. Variance is that of a sample (n - 1), absent for one number. */
export function summarize(numbers: readonly number[]): Summary {
  const sorted = numbers.map((value) => new Exact(value)).sort((a, b) => a.comparedTo(b));
  const count = sorted.length;
  const sum = sorted.reduce((total, value) => total.plus(value), new Exact(0));
  const mean = sum.div(count);
  const min = quantile(sorted, 0);
  const max = quantile(sorted, 1);
  const number = (value: Exact, name: string) => toValue(value, `The ${name}`).value;
  const summary: Summary = {
    count,
    sum: number(sum, "sum"),
    mean: number(mean, "mean"),
    median: number(quantile(sorted, 0.5), "median"),
    min: number(min, "minimum"),
    max: number(max, "maximum"),
    range: number(max.minus(min), "range"),
    firstQuartile: number(quantile(sorted, 0.25), "first quartile"),
    thirdQuartile: number(quantile(sorted, 0.75), "third quartile"),
  };
  if (count > 1) {
    const squares = sorted.reduce(
      (total, value) => total.plus(value.minus(mean).pow(2)),
      new Exact(0),
    );
    const variance = squares.div(count - 1);
    summary.variance = number(variance, "variance");
    summary.standardDeviation = number(variance.sqrt(), "standard deviation");
  }
  return summary;
}
