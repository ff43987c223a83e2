import type { MakeCall } from "#shared/make-api/call.ts";
import { trendOf } from "./trend.ts";
import { dateOf, daysOf } from "./usage-days.ts";

/** Days of a period that is not named. */
export const DEFAULT_DAYS = 7;

export interface Asked {
  organizationId?: number | undefined;
  teamId?: number | undefined;
  from?: string | undefined;
  to?: string | undefined;
  maxCalls?: number | undefined;
}

/** The daily usage of a scenario, a team or the organisation. */
export async function readDays(
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

export async function trend(make: MakeCall, where: Asked & { scenarioId?: number | undefined }) {
  const days = await readDays(make, where);
  return trendOf(days, dateOf(make.context.now().getTime()));
}
