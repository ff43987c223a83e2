import { ERROR, type Run } from "./runs.ts";
import { fisherGreater, mannWhitney, median, round } from "./statistics.ts";

/** Runs that both windows must have. */
export const MIN_RUNS = 10;
/** A change that chance would make more often than this is none. */
export const MAX_P = 0.01;
/** A change that is smaller does not matter, however certain it is. */
export const MIN_CHANGE = 0.2;

export interface Regression extends Record<string, unknown> {
  kind: "slower" | "costlier" | "failing";
  /** Median milliseconds or credits, or the share of runs that failed. */
  before: number;
  now: number;
  /** Of the value before, percent; null when it was 0. */
  changePercent: number | null;
  p: number;
  test: "Mann-Whitney" | "Fisher";
}

/**
 * What got worse from one window to the next: durations and credits by the Mann-Whitney test and the
 * median, failures by Fisher's exact test. Undefined when a window has too few runs to say.
 */
export function findRegressions(
  before: readonly Run[],
  now: readonly Run[],
): Regression[] | undefined {
  if (before.length < MIN_RUNS || now.length < MIN_RUNS) return undefined;
  const credits = (runs: readonly Run[]) =>
    runs.flatMap((run) => (run.credits === null ? [] : [run.credits]));
  const durations = (runs: readonly Run[]) => runs.map(({ duration }) => duration);
  return [
    byRank("slower", durations(before), durations(now)),
    byRank("costlier", credits(before), credits(now)),
    byRate(before, now),
  ].filter((each) => each !== undefined);
}

function byRank(
  kind: "slower" | "costlier",
  before: readonly number[],
  now: readonly number[],
): Regression | undefined {
  if (before.length < MIN_RUNS || now.length < MIN_RUNS) return undefined;
  return judge(kind, "Mann-Whitney", median(before), median(now), mannWhitney(before, now));
}

function byRate(before: readonly Run[], now: readonly Run[]): Regression | undefined {
  const failed = (runs: readonly Run[]) => runs.filter(({ status }) => status === ERROR).length;
  const [was, is] = [failed(before), failed(now)];
  const p = fisherGreater(was, before.length, is, now.length);
  return judge("failing", "Fisher", was / before.length, is / now.length, p);
}

function judge(
  kind: Regression["kind"],
  test: Regression["test"],
  before: number,
  now: number,
  p: number,
): Regression | undefined {
  if (p >= MAX_P || now <= before || now - before < before * MIN_CHANGE) return undefined;
  return {
    kind,
    before: round(before, 4),
    now: round(now, 4),
    changePercent: before === 0 ? null : round(((now - before) / before) * 100, 1),
    p: Number(p.toPrecision(3)),
    test,
  };
}
