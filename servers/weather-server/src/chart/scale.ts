/** Values between `from` and `to` as positions between `start` and `end`. */
export interface Scale {
  from: number;
  to: number;
  ticks: number[];
  at(value: number): number;
}

/** A round number near `rough`: 1, 2 or 5 times a power of ten. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((one) => one * power >= rough) ?? 10;
  return factor * power;
}

/** A scale that holds all values and begins and ends at a tick. `least` is the least height in values. */
export function scaleFor(
  values: readonly number[],
  { start, end, ticks, least }: { start: number; end: number; ticks: number; least: number },
): Scale {
  const low = values.length === 0 ? 0 : Math.min(...values);
  const high = values.length === 0 ? least : Math.max(...values);
  const step = roundStep(Math.max(high - low, least) / ticks);
  const from = Math.floor(low / step) * step;
  const to = Math.max(Math.ceil(high / step) * step, from + Math.ceil(least / step) * step);
  const count = Math.round((to - from) / step);
  return {
    from,
    to,
    ticks: Array.from({ length: count + 1 }, (_, index) =>
      Number((from + index * step).toFixed(6)),
    ),
    at: (value) => start + ((value - from) / (to - from)) * (end - start),
  };
}
