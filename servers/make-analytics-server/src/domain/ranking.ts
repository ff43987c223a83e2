import type { MakeCall } from "#shared/make-api/call.ts";
import { listScenarios, oneOf } from "#shared/make-api/scan.ts";
import { creditsOf } from "./credits.ts";
import { periodOf } from "./period.ts";
import { ERROR, MAX_COUNTED_RUNS, readRuns } from "./runs.ts";
import { type Asked, DEFAULT_DAYS } from "./usage-read.ts";

export const MEASURES = ["credits", "operations", "transfer", "runs", "errors"] as const;

export type Ranking = Asked & { by: (typeof MEASURES)[number]; limit: number };

/** Credits, operations and transfer are counters of the period of the plan; runs and errors are counted in the logs. */
export async function ranking(make: MakeCall, asked: Ranking) {
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
    credits: creditsOf(centicredits),
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
  const all = await readRuns(make, scenarios, {
    period: span,
    maxRuns: MAX_COUNTED_RUNS,
    maxCalls,
  });
  return all.map(({ scenario, runs }) => ({
    scenarioId: scenario.id,
    runs: runs.length,
    errors: runs.filter(({ status }) => status === ERROR).length,
  }));
}
