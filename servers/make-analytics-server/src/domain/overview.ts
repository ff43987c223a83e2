import type { MakeCall } from "#shared/make-api/call.ts";
import { listScenarios } from "#shared/make-api/scan.ts";
import { isoPeriod, type Period, periodOf } from "./period.ts";
import { ERROR, MAX_COUNTED_RUNS, type Run, readRuns } from "./runs.ts";
import { round } from "./statistics.ts";
import { totalOf } from "./trend.ts";
import { type Day, dateOf } from "./usage-days.ts";
import { type Asked, DEFAULT_DAYS, readDays } from "./usage-read.ts";

/** The overview of a period, with Make's own analytics beside it where the plan has them. */
export async function overview(make: MakeCall, asked: Asked) {
  const span = periodOf(asked, make.context.now(), DEFAULT_DAYS);
  const organizationId = await make.organizationId(asked.organizationId);
  const { teamId } = asked;
  const own = await make.optional("Make's own analytics", () =>
    make.all("GET /analytics/{organizationId}", {
      path: { organizationId },
      query: {
        teamId,
        "timeframe[dateFrom]": new Date(span.from).toISOString(),
        "timeframe[dateTo]": new Date(span.to).toISOString(),
      },
    }),
  );
  const days = await readDays(make, { organizationId, teamId });
  const scenarios = await listScenarios(make, { organizationId, teamId });
  const both = { from: span.from - (span.to - span.from), to: span.to };
  const { maxCalls } = asked;
  const all = await readRuns(make, scenarios, {
    period: both,
    maxRuns: MAX_COUNTED_RUNS,
    maxCalls,
  });
  const runs = all.flatMap((each) => each.runs);
  return { ...overviewOf(make, { days, runs, period: span }), ...(own && { analytics: own }) };
}

interface Known {
  days: readonly Day[];
  runs: readonly Run[];
  period: Period;
}

/** Usage comes by the day, and not from further back. */
const NEEDED_DAYS = "a period of whole days, of the 30 that Make tells of";

/** Figures of a period beside those of the period of the same length before it. */
function overviewOf(make: MakeCall, { days, runs, period }: Known) {
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
