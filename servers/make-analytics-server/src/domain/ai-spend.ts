import type { MakeCall } from "#shared/make-api/call.ts";
import { planUsage } from "#shared/make-api/usage.ts";
import { readAllBlueprints } from "./account.ts";
import { aiModulesOf } from "./ai-modules.ts";
import { creditsOf } from "./credits.ts";
import { MS_A_DAY } from "./period.ts";
import { totalOf } from "./trend.ts";
import { dateOf, daysOf } from "./usage-days.ts";

const TREND_DAYS = 7;

/** Credits of the scenarios that hold AI modules; null where Make counts operations only. */
export async function spendOf(
  make: MakeCall,
  organizationId: number,
  maxCalls: number | undefined,
) {
  const path = { organizationId };
  const plan = planUsage(await make.get("GET /organizations/{organizationId}", { path }));
  const blueprints = await readAllBlueprints(make, organizationId, maxCalls);
  const rows = await make.get("GET /scenarios/consumptions", { query: { organizationId } });
  const ids = new Set(aiModulesOf(blueprints).map(({ found }) => found.scenarioId));
  const scenarios = [];
  for (const { scenario } of blueprints.filter((each) => ids.has(each.scenario.id))) {
    const { id, name } = scenario;
    const row = rows.find(({ scenarioId }) => scenarioId === id);
    const credits = row === undefined ? 0 : creditsOf(row.centicredits);
    scenarios.push({ id, name, credits, ...(await trendOfWeek(make, id)) });
  }
  const credits = scenarios.reduce<number | null>(
    (sum, each) => (sum === null || each.credits === null ? null : sum + each.credits),
    0,
  );
  return {
    scenarios: scenarios.sort((a, b) => (b.credits ?? 0) - (a.credits ?? 0) || a.id - b.id),
    credits,
    sharePercent:
      credits !== null && plan.unit === "credits" && plan.used > 0
        ? Math.round((credits / plan.used) * 10_000) / 100
        : null,
  };
}

async function trendOfWeek(make: MakeCall, scenarioId: number) {
  const rows = await make.optional(`usage of scenario ${scenarioId}`, () =>
    make.get("GET /scenarios/{scenarioId}/usage", { path: { scenarioId } }),
  );
  const days = daysOf(rows ?? []);
  const at = (daysAgo: number) => dateOf(make.context.now().getTime() - daysAgo * MS_A_DAY);
  return {
    last7Days: totalOf(days, at(TREND_DAYS), at(0))?.credits ?? null,
    before7Days: totalOf(days, at(2 * TREND_DAYS), at(TREND_DAYS))?.credits ?? null,
  };
}
