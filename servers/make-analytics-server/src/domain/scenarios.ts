import { ToolError } from "#shared/core/errors.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import { listScenarios, type Scenario } from "#shared/make-api/scan.ts";

interface Asked {
  organizationId?: number | undefined;
  teamId?: number | undefined;
  scenarioIds?: readonly number[] | undefined;
}

/** The scenarios of a team or the organisation, or those that are named. Errors: NOT_FOUND names the missing. */
export async function chooseScenarios(make: MakeCall, asked: Asked): Promise<Scenario[]> {
  const all = await listScenarios(make, asked);
  const { scenarioIds } = asked;
  if (scenarioIds === undefined) return all;
  const missing = scenarioIds.filter((id) => !all.some((each) => each.id === id));
  if (missing.length > 0)
    throw new ToolError("NOT_FOUND", `There is no scenario ${missing.join(", ")} here.`);
  return all.filter(({ id }) => scenarioIds.includes(id));
}
