import { ToolError } from "#shared/core/errors.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import { listScenarios } from "#shared/make-api/scan.ts";
import { scenarioBody } from "#shared/make-api/scenario-body.ts";
import type { Step } from "./deploy-plan.ts";
import { type Snapshot, saveSnapshot } from "./deploy-store.ts";

/** Errors: CONFLICT when the target is not as it was when the plan was made. */
export async function checkUntouched(make: MakeCall, teamId: number, steps: readonly Step[]) {
  const live = await listScenarios(make, { teamId });
  const touched = steps.filter(({ name, scenarioId, lastEdit }) =>
    scenarioId === null
      ? live.some((each) => each.name === name)
      : (live.find(({ id }) => id === scenarioId)?.lastEdit ?? null) !== lastEdit ||
        !live.some(({ id }) => id === scenarioId),
  );
  if (touched.length > 0)
    throw new ToolError(
      "CONFLICT",
      `Changed since it was planned: ${touched.map(({ name }) => name).join(", ")}. Call cicd_plan again.`,
    );
}

/** What the steps are about to replace. */
export async function takeSnapshot(
  make: MakeCall,
  { planId, teamId }: Pick<Snapshot, "planId" | "teamId">,
  steps: readonly Step[],
): Promise<Snapshot> {
  const changed = [];
  for (const { scenarioId } of steps) {
    if (scenarioId === null) continue;
    const path = { scenarioId };
    const { name, folderId } = await make.get("GET /scenarios/{scenarioId}", { path });
    const answer = await make.get("GET /scenarios/{scenarioId}/blueprint", { path });
    const { blueprint, scheduling, metadata } = answer;
    changed.push({
      scenarioId,
      name,
      folderId: folderId ?? null,
      blueprint,
      scheduling,
      metadata,
    });
  }
  return { planId, teamId, at: make.context.now().toISOString(), changed, created: [] };
}

/** Ids of the folders that steps name; those that lack are made. */
export async function openFolders(make: MakeCall, teamId: number, steps: readonly Step[]) {
  const there = await make.get("GET /scenarios-folders", { query: { teamId } });
  const ids = new Map(there.map(({ name, id }) => [name, id]));
  for (const { folder } of steps) {
    if (folder === null || ids.has(folder)) continue;
    const made = await make.write("POST /scenarios-folders", { body: { name: folder, teamId } });
    ids.set(folder, made.id);
  }
  return ids;
}

interface Options {
  deployId: string;
  folders: ReadonlyMap<string, number>;
  query: Record<string, boolean>;
  start: boolean;
}

/** Applies one step; what is created stands in the snapshot before anything else happens. */
export async function applyStep(
  make: MakeCall,
  step: Step,
  snapshot: Snapshot,
  { deployId, folders, query, start }: Options,
) {
  const { name, blueprint, scheduling, metadata } = step;
  const folderId = step.folder === null ? null : (folders.get(step.folder) ?? null);
  const body = { ...scenarioBody({ blueprint, scheduling, metadata }), folderId };
  if (step.scenarioId !== null) {
    const path = { scenarioId: step.scenarioId };
    await make.write("PATCH /scenarios/{scenarioId}", { path, query, body });
    return { action: "changed", scenarioId: step.scenarioId, name, started: false };
  }
  const made = { ...body, teamId: snapshot.teamId };
  const { id } = await make.write("POST /scenarios", { query, body: made });
  snapshot.created.push(id);
  await saveSnapshot(make, deployId, snapshot);
  const started = start && step.active;
  if (started) await make.write("POST /scenarios/{scenarioId}/start", { path: { scenarioId: id } });
  return { action: "created", scenarioId: id, name, started };
}
