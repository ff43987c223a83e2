import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import { diffBlueprints, diffFields, maskDiff } from "#shared/make-api/blueprint-diff.ts";
import * as field from "#shared/make-api/fields.ts";
import { scenarioBody } from "#shared/make-api/scenario-body.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { applyStep, checkUntouched, openFolders, takeSnapshot } from "../domain/deploy.ts";
import { deployId, planId, readPlan, readSnapshot, saveSnapshot } from "../domain/deploy-store.ts";

const tool = toolsOf("cicd-integration");

export const cicdDeploy = tool({
  name: "cicd_deploy",
  title: "Deploy a plan",
  description:
    "Apply a plan of cicd_plan. What it replaces is saved in MAKE_STATE_DIR first, for cicd_rollback; it stops at the first failure.",
  access: "destroy",
  sources: ["api", "local"],
  calls: [
    "GET /scenarios",
    "GET /scenarios/{scenarioId}",
    "GET /scenarios/{scenarioId}/blueprint",
    "GET /scenarios-folders",
    "POST /scenarios-folders",
    "POST /scenarios",
    "PATCH /scenarios/{scenarioId}",
    "POST /scenarios/{scenarioId}/start",
  ],
  scan: true,
  input: {
    planId,
    start: z.boolean().default(false).describe("Start what is created and was on in the bundle"),
    installApps: z
      .boolean()
      .default(false)
      .describe("Confirm apps that the organisation uses for the first time"),
  },
  output: {
    deployId: z.string().describe("For cicd_rollback"),
    done: field.rows("action, scenarioId, name, started"),
  },
  async run({ planId, start, installApps }, make) {
    const { teamId, steps } = await readPlan(make, planId);
    const todo = steps.filter(({ action }) => action !== "unchanged");
    await checkUntouched(make, teamId, todo);
    make.confirmed({
      teamId,
      wouldDo: todo.map(({ action, name, scenarioId }) => ({ action, name, scenarioId })),
    });
    const snapshot = await takeSnapshot(make, { planId, teamId }, todo);
    const deployId = `${snapshot.at.replaceAll(/[:.]/g, "-")}-${planId.slice(0, 12)}`;
    await saveSnapshot(make, deployId, snapshot);
    const folders = await openFolders(make, teamId, todo);
    const query = installApps ? { confirmed: true } : {};
    const done = [];
    for (const step of todo) {
      const options = { deployId, folders, query: { ...query }, start };
      try {
        done.push(await applyStep(make, step, snapshot, options));
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new ToolError(
          "API_ERROR",
          `${done.length} of ${todo.length} scenarios are deployed, then "${step.name}" failed: ${reason} Correct it and plan again, or call cicd_rollback with ${deployId}.`,
          { cause, details: { deployId, done } },
        );
      }
    }
    return { deployId, done };
  },
});

export const cicdRollback = tool({
  name: "cicd_rollback",
  title: "Roll a deploy back",
  description:
    "Put what a deploy replaced back. Scenarios that it created are stopped, not deleted.",
  access: "destroy",
  idempotent: true,
  sources: ["api", "local"],
  calls: [
    "GET /scenarios/{scenarioId}",
    "GET /scenarios/{scenarioId}/blueprint",
    "PATCH /scenarios/{scenarioId}",
    "POST /scenarios/{scenarioId}/stop",
  ],
  input: { deployId },
  output: {
    restored: z.array(z.int()).describe("Scenarios that are as they were"),
    stopped: z.array(z.int()).describe("Scenarios of the deploy that were on"),
    created: z.array(z.int()).describe("Scenarios of the deploy: still there, off"),
  },
  async run({ deployId }, make) {
    const { changed, created } = await readSnapshot(make, deployId);
    const wouldRestore = [];
    for (const { scenarioId, name, blueprint, scheduling } of changed) {
      const path = { scenarioId };
      const live = await make.get("GET /scenarios/{scenarioId}/blueprint", { path });
      const changes = maskDiff(diffBlueprints(live.blueprint, blueprint));
      const times = diffFields(live.scheduling, scheduling);
      wouldRestore.push({ scenarioId, name, changes, scheduling: times });
    }
    make.confirmed({ wouldRestore, wouldStop: created });
    for (const { scenarioId, name, folderId, ...content } of changed) {
      const body = { name, folderId, ...scenarioBody(content) };
      await make.write("PATCH /scenarios/{scenarioId}", { path: { scenarioId }, body });
    }
    const stopped = [];
    for (const scenarioId of created) {
      const path = { scenarioId };
      const { isActive } = await make.get("GET /scenarios/{scenarioId}", { path });
      if (!isActive) continue;
      await make.write("POST /scenarios/{scenarioId}/stop", { path });
      stopped.push(scenarioId);
    }
    return { restored: changed.map(({ scenarioId }) => scenarioId), stopped, created };
  },
});
