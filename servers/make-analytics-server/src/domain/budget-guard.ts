import type { MakeCall } from "#shared/make-api/call.ts";
import type { PlanUsage } from "#shared/make-api/usage.ts";
import { warnOfRunningTotal } from "./consumption.ts";
import { creditsOf } from "./credits.ts";
import { projectUsage } from "./projection.ts";

/** Stops, biggest use first, until the projection fits; a scenario goes on using what it used a day so far. */
export async function guardPlan(
  make: MakeCall,
  organizationId: number,
  usage: PlanUsage,
  keep: readonly number[],
) {
  const linear = projectUsage(usage, [], make.context.now())?.linear;
  if (!linear || usage.limit === null) {
    make.warn("Make names no period or no limit for this organisation: nothing is projected.");
    return { excess: 0, saved: 0, enough: true, stops: [] };
  }
  warnOfRunningTotal(make, usage);
  const excess = Math.max(0, linear.projected - usage.limit);
  const query = { organizationId };
  const scenarios = await make.all("GET /scenarios", { query });
  const consumed = await make.get("GET /scenarios/consumptions", { query });
  const restDays = linear.periodDays - linear.elapsedDays;
  const candidates = consumed
    .flatMap(({ scenarioId, centicredits, operations }) => {
      const scenario = scenarios.find(({ id }) => id === scenarioId);
      if (!scenario?.isActive || scenario.isPaused || keep.includes(scenarioId)) return [];
      const used = usage.unit === "credits" ? (creditsOf(centicredits) ?? 0) : operations;
      const saves = Math.round((used / linear.elapsedDays) * restDays);
      return [{ scenarioId, name: scenario.name, used, saves }];
    })
    .sort((a, b) => b.saves - a.saves || a.scenarioId - b.scenarioId);
  const stops: typeof candidates = [];
  let saved = 0;
  for (const each of candidates) {
    if (saved >= excess || each.saves === 0) break;
    stops.push(each);
    saved += each.saves;
  }
  return { excess, saved, enough: saved >= excess, stops };
}
