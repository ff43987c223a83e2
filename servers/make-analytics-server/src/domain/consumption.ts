import type { MakeCall } from "#shared/make-api/call.ts";
import { listTeams } from "#shared/make-api/scan.ts";
import type { PlanUsage } from "#shared/make-api/usage.ts";
import { creditsOf } from "./credits.ts";
import { MS_A_DAY } from "./period.ts";

/** Past it Make's counters of scenarios are a running total of these days, not of the period. */
const RUNNING_TOTAL_DAYS = 60;

/** What each scenario used in the period, most first; undefined when Make does not tell. */
export async function consumptions(make: MakeCall, organizationId: number) {
  const query = { organizationId };
  const consumed = await make.optional("scenarios", () =>
    make.get("GET /scenarios/consumptions", { query }),
  );
  if (!consumed) return undefined;
  const known = await make.optional("names of scenarios", () =>
    make.all("GET /scenarios", { query }),
  );
  const names = new Map(known?.map(({ id, name }) => [id, name]));
  return consumed
    .map(({ scenarioId, centicredits, operations }) => ({
      scenarioId,
      name: names.get(scenarioId) ?? null,
      credits: creditsOf(centicredits),
      operations,
    }))
    .sort((a, b) => (b.credits ?? 0) - (a.credits ?? 0) || a.scenarioId - b.scenarioId);
}

export function warnOfRunningTotal(make: MakeCall, { periodStart }: PlanUsage): void {
  if (periodStart === null) return;
  const days = (make.context.now().getTime() - Date.parse(periodStart)) / MS_A_DAY;
  if (days > RUNNING_TOTAL_DAYS)
    make.warn(
      `The period is longer than ${RUNNING_TOTAL_DAYS} days: figures of scenarios are of the last ${RUNNING_TOTAL_DAYS} days only.`,
    );
}

/** A team's limit is one of operations: it bounds credits only as far as an operation costs one. */
export async function usageOfTeam(
  make: MakeCall,
  teamId: number,
  organizationId: number,
  { periodStart, periodEnd }: PlanUsage,
): Promise<PlanUsage> {
  const [team] = await listTeams(make, { organizationId, teamId });
  const used = team?.consumedOperations ?? 0;
  const limit = team?.operationsLimit ?? null;
  const left = limit === null ? null : limit - used;
  return { unit: "operations", used, limit, left, periodStart, periodEnd };
}
