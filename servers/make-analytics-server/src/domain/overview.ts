import type { MakeCall } from "#shared/make-api/call.ts";
import { isoPeriod, type Period } from "./period.ts";
import { ERROR, type Run } from "./runs.ts";
import { round } from "./statistics.ts";
import { totalOf } from "./trend.ts";
import { type Day, dateOf } from "./usage-days.ts";

interface Known {
  days: readonly Day[];
  runs: readonly Run[];
  period: Period;
}

/** Usage comes by the day, and not from further back. */
const NEEDED_DAYS = "a period of whole days, of the 30 that Make tells of";

/** Figures of a period beside those of the period of the same length before it. */
export function overviewOf(make: MakeCall, { days, runs, period }: Known) {
  const before = { from: period.from - (period.to - period.from), to: period.from };
  const figures = (span: Period, isLast: boolean) => {
    const used = totalOf(days, dateOf(span.from), dateOf(span.to));
    const inside = runs.filter(
      ({ at }) => at >= span.from && (isLast ? at <= span.to : at < span.to),
    );
    return {
      ...isoPeriod(span),
      executions: inside.length,
      errors: inside.filter(({ status }) => status === ERROR).length,
      operations: used?.operations ?? null,
      credits: used?.credits ?? null,
    };
  };
  const [now, then] = [figures(period, true), figures(before, false)];
  for (const [part, { operations }] of [["usage", now] as const, ["usage before", then] as const])
    if (operations === null) make.missing({ part, reason: "size", need: NEEDED_DAYS });
  return { now, before: then, changePercent: changesOf(now, then) };
}

const COMPARED = ["executions", "errors", "operations", "credits"] as const;
type Figures = Record<(typeof COMPARED)[number], number | null>;

/** Percent; null where a value is not known, or was 0. */
function changesOf(now: Figures, before: Figures): Figures {
  const change = (name: (typeof COMPARED)[number]) => {
    const [is, was] = [now[name], before[name]];
    return is === null || was === null || was === 0 ? null : round(((is - was) / was) * 100, 1);
  };
  return {
    executions: change("executions"),
    errors: change("errors"),
    operations: change("operations"),
    credits: change("credits"),
  };
}
