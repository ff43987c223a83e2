import * as z from "zod";
import type { MakeCall } from "#shared/make-api/call.ts";
import * as field from "#shared/make-api/fields.ts";
import { listScenarios, oneOf } from "#shared/make-api/scan.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { render, stamp, writeExport } from "../domain/export.ts";
import { overviewOf } from "../domain/overview.ts";
import * as when from "../domain/period.ts";
import { periodOf } from "../domain/period.ts";
import { ERROR, readRuns } from "../domain/runs.ts";
import { trendOf } from "../domain/trend.ts";
import { dateOf, daysOf } from "../domain/usage-days.ts";

const tool = toolsOf("analytics");

const CENTI = 100;
const DEFAULT_DAYS = 7;
const MAX_RANKED = 100;
const MAX_RUNS = 2_000;
const KINDS = ["overview", "ranking", "trend"] as const;
const MEASURES = ["credits", "operations", "transfer", "runs", "errors"] as const;

const period = { from: when.from, to: when.to };
const by = z.enum(MEASURES).default("credits").describe("What the ranking is by");
const limit = z.int().min(1).max(MAX_RANKED).default(10).describe("Scenarios shown");

interface Asked {
  organizationId?: number | undefined;
  teamId?: number | undefined;
  from?: string | undefined;
  to?: string | undefined;
  maxCalls?: number | undefined;
}

async function overview(make: MakeCall, asked: Asked) {
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
  const all = await readRuns(make, scenarios, { period: both, maxRuns: MAX_RUNS, maxCalls });
  const runs = all.flatMap((each) => each.runs);
  return { ...overviewOf(make, { days, runs, period: span }), ...(own && { analytics: own }) };
}

async function readDays(
  make: MakeCall,
  where: {
    organizationId?: number | undefined;
    teamId?: number | undefined;
    scenarioId?: number | undefined;
  },
) {
  const { scenarioId, teamId } = where;
  if (scenarioId !== undefined)
    return daysOf(await make.get("GET /scenarios/{scenarioId}/usage", { path: { scenarioId } }));
  if (teamId !== undefined)
    return daysOf(await make.get("GET /teams/{teamId}/usage", { path: { teamId } }));
  const organizationId = await make.organizationId(where.organizationId);
  return daysOf(
    await make.get("GET /organizations/{organizationId}/usage", { path: { organizationId } }),
  );
}

type Ranking = Asked & { by: (typeof MEASURES)[number]; limit: number };

/** Credits, operations and transfer are counters of the period of the plan; runs and errors are counted in the logs. */
async function ranking(make: MakeCall, asked: Ranking) {
  const where = await oneOf(make, asked);
  const scenarios = await listScenarios(make, where);
  const names = new Map(scenarios.map(({ id, name }) => [id, name]));
  const measured =
    asked.by === "runs" || asked.by === "errors"
      ? await countRuns(make, scenarios, asked)
      : await consumed(make, where);
  const total = measured.reduce((sum, each) => sum + (Number(each[asked.by]) || 0), 0);
  return measured
    .map((each): Measured => ({ ...each, name: names.get(each.scenarioId) ?? null }))
    .sort(
      (a, b) => Number(b[asked.by] ?? 0) - Number(a[asked.by] ?? 0) || a.scenarioId - b.scenarioId,
    )
    .slice(0, asked.limit)
    .map((each, index) => ({
      rank: index + 1,
      ...each,
      sharePercent: total > 0 ? Math.round((Number(each[asked.by]) / total) * 1000) / 10 : null,
    }));
}

interface Measured extends Record<string, unknown> {
  scenarioId: number;
}

async function consumed(
  make: MakeCall,
  query: Awaited<ReturnType<typeof oneOf>>,
): Promise<Measured[]> {
  const rows = await make.get("GET /scenarios/consumptions", { query });
  return rows.map(({ scenarioId, operations, transfer, centicredits }) => ({
    scenarioId,
    credits: centicredits == null ? null : centicredits / CENTI,
    operations,
    transfer: transfer ?? null,
  }));
}

async function countRuns(
  make: MakeCall,
  scenarios: Awaited<ReturnType<typeof listScenarios>>,
  asked: Asked,
): Promise<Measured[]> {
  const span = periodOf(asked, make.context.now(), DEFAULT_DAYS);
  const { maxCalls } = asked;
  const all = await readRuns(make, scenarios, { period: span, maxRuns: MAX_RUNS, maxCalls });
  return all.map(({ scenario, runs }) => ({
    scenarioId: scenario.id,
    runs: runs.length,
    errors: runs.filter(({ status }) => status === ERROR).length,
  }));
}

async function trend(make: MakeCall, where: Asked & { scenarioId?: number | undefined }) {
  const days = await readDays(make, where);
  return trendOf(days, dateOf(make.context.now().getTime()));
}

const analyticsOverview = tool({
  name: "analytics_overview",
  title: "Overview",
  description:
    "Executions, errors, operations and credits of a period (default 7 days) and the change against the one before. Counted from usage and logs; Make's own analytics beside them on Enterprise.",
  access: "read",
  sources: ["api", "computed"],
  calls: [
    "GET /analytics/{organizationId}",
    "GET /organizations/{organizationId}/usage",
    "GET /teams/{teamId}/usage",
    "GET /scenarios",
    "GET /scenarios/{scenarioId}/logs",
  ],
  scan: true,
  input: {
    organizationId: field.organizationId,
    teamId: field.onlyTeam,
    ...period,
    maxCalls: field.maxCalls,
  },
  output: {
    now: field.row(
      "From, to, executions, errors, operations, credits; whole days for the latter two",
    ),
    before: field.row("The same of the period before"),
    changePercent: field.row("Of each"),
    analytics: field.rows("Make's own rows, on Enterprise").optional(),
  },
  run: (input, make) => overview(make, input),
});

const analyticsRanking = tool({
  name: "analytics_ranking",
  title: "Top scenarios",
  description:
    "Scenarios by credits, operations or transfer in the plan's period, or by runs or errors in a period of the logs (default 7 days).",
  access: "read",
  sources: ["api", "computed"],
  calls: ["GET /scenarios/consumptions", "GET /scenarios", "GET /scenarios/{scenarioId}/logs"],
  scan: true,
  input: {
    organizationId: field.organizationId,
    teamId: field.onlyTeam,
    by,
    limit,
    ...period,
    maxCalls: field.maxCalls,
  },
  output: { scenarios: field.rows("Rank, scenario, figures, share in percent") },
  run: async (input, make) => ({ scenarios: await ranking(make, input) }),
});

const analyticsTrend = tool({
  name: "analytics_trend",
  title: "Daily trend",
  description:
    "Up to 30 days of usage with their 7-day mean, the mean of each weekday, and outlier days (modified z-score over 3.5).",
  access: "read",
  sources: ["api", "computed"],
  calls: [
    "GET /organizations/{organizationId}/usage",
    "GET /teams/{teamId}/usage",
    "GET /scenarios/{scenarioId}/usage",
  ],
  input: {
    organizationId: field.organizationId,
    teamId: field.onlyTeam,
    scenarioId: field.scenarioId.optional(),
  },
  output: {
    unit: z.string().describe("credits, or operations where Make does not count credits"),
    series: field.rows("Date, operations, credits, complete, mean7"),
    weekdays: field.rows("Weekday, days, mean"),
    outliers: field.rows("Date, value, median, score"),
  },
  run: (input, make) => trend(make, input),
});

const analyticsExport = tool({
  name: "analytics_export",
  title: "Export",
  description:
    "Overview, ranking or trend as CSV or JSONL into the exports folder of MAKE_STATE_DIR.",
  access: "read",
  sources: ["api", "computed", "local"],
  calls: [
    "GET /organizations/{organizationId}/usage",
    "GET /teams/{teamId}/usage",
    "GET /scenarios/consumptions",
    "GET /scenarios",
    "GET /scenarios/{scenarioId}/logs",
  ],
  scan: true,
  input: {
    organizationId: field.organizationId,
    teamId: field.onlyTeam,
    kind: z.enum(KINDS).describe("What is written"),
    format: z.enum(["csv", "jsonl"]).default("csv").describe("Form of the file"),
    by,
    limit,
    ...period,
    maxCalls: field.maxCalls,
  },
  output: {
    file: z.string().describe("Where it is"),
    rows: z.int().min(0).describe("Rows in it"),
    bytes: z.int().min(0).describe("Its size"),
    sha256: z.string().describe("Of the file"),
  },
  async run({ kind, format, ...asked }, make) {
    make.context.require("MAKE_STATE_DIR");
    const rows = await rowsFor(make, kind, asked);
    const name = `analytics-${kind}-${stamp(make.context.now())}.${format}`;
    return { rows: rows.length, ...(await writeExport(make, name, render(rows, format))) };
  },
});

async function rowsFor(
  make: MakeCall,
  kind: (typeof KINDS)[number],
  asked: Ranking,
): Promise<Record<string, unknown>[]> {
  if (kind === "ranking") return await ranking(make, asked);
  if (kind === "trend") return (await trend(make, asked)).series;
  const { now, before } = await overview(make, asked);
  return [
    { period: "now", ...now },
    { period: "before", ...before },
  ];
}

export const analytics = [analyticsOverview, analyticsRanking, analyticsTrend, analyticsExport];
