import * as z from "zod";
import type { MakeCall } from "#shared/make-api/call.ts";
import * as field from "#shared/make-api/fields.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { render, stamp, writeExport } from "../domain/export.ts";
import { overview } from "../domain/overview.ts";
import * as when from "../domain/period.ts";
import { MEASURES, type Ranking, ranking } from "../domain/ranking.ts";
import { trend } from "../domain/usage-read.ts";

const tool = toolsOf("analytics");

const MAX_RANKED = 100;
const KINDS = ["overview", "ranking", "trend"] as const;

const where = { organizationId: field.organizationId, teamId: field.onlyTeam };
const period = { from: when.from, to: when.to, maxCalls: field.maxCalls };
const by = z.enum(MEASURES).default("credits").describe("What the ranking is by");
const limit = z.int().min(1).max(MAX_RANKED).default(10).describe("Scenarios shown");

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
  input: { ...where, ...period },
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
  input: { ...where, by, limit, ...period },
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
  input: { ...where, scenarioId: field.scenarioId.optional() },
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
    ...where,
    kind: z.enum(KINDS).describe("What is written"),
    format: z.enum(["csv", "jsonl"]).default("csv").describe("Form of the file"),
    by,
    limit,
    ...period,
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
