import type { MakeCall } from "#shared/make-api/call.ts";
import type { Row } from "#shared/make-api/endpoints.ts";

type Version = Row<"GET /scenarios/{scenarioId}/blueprints">;
type Entry = Row<"GET /audit-logs/organization/{organizationId}">;

/** An entry of the audit log is written when the version is: it may be this much earlier or later, milliseconds. */
export const SAME_MOMENT_MS = 60_000;

/** Adds who made each version, as the audit log has it; null where it does not say. */
export async function withAuthors(
  make: MakeCall,
  scenarioId: number,
  versions: readonly Version[],
) {
  const created = versions.map((version) => Date.parse(version.created));
  const entries = await make.optional("authors", async () => {
    const path = { organizationId: await make.organizationId(undefined) };
    const query = {
      dateFrom: new Date(Math.min(...created) - SAME_MOMENT_MS).toISOString(),
      dateTo: new Date(Math.max(...created) + SAME_MOMENT_MS).toISOString(),
    };
    if (versions.length === 0) return [];
    return await make.all("GET /audit-logs/organization/{organizationId}", { path, query });
  });
  if (!entries) return versions.map((version) => ({ ...version, author: null }));
  return versions.map((version) => ({
    ...version,
    author: authorOf(version, scenarioId, entries),
  }));
}

function authorOf(version: Version, scenarioId: number, entries: readonly Entry[]) {
  const at = Date.parse(version.created);
  const entry = entries.find(
    ({ eventName, targetId, triggeredAt }) =>
      eventName.startsWith("scenario_") &&
      String(targetId) === String(scenarioId) &&
      Math.abs(Date.parse(triggeredAt) - at) <= SAME_MOMENT_MS,
  );
  return entry?.actor ?? null;
}
