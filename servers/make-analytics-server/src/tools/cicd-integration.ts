import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import { diffBlueprints, diffFields, maskDiff } from "#shared/make-api/blueprint-diff.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import type { EndpointKey } from "#shared/make-api/endpoints.ts";
import * as field from "#shared/make-api/fields.ts";
import { readNames } from "#shared/make-api/names.ts";
import { listScenarios, readBlueprints } from "#shared/make-api/scan.ts";
import { scenarioBody } from "#shared/make-api/scenario-body.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { bundleInput, bundleOf, KINDS } from "../domain/bundle.ts";
import { applyStep, checkUntouched, openFolders, takeSnapshot } from "../domain/deploy.ts";
import { idsByReference, planBundle } from "../domain/deploy-plan.ts";
import {
  deployId,
  planId,
  readPlan,
  readSnapshot,
  savePlan,
  saveSnapshot,
} from "../domain/deploy-store.ts";
import { byScenario, verifyScenario } from "../domain/deploy-verify.ts";
import { chooseScenarios } from "../domain/scenarios.ts";

const tool = toolsOf("cicd-integration");

const reading: EndpointKey[] = [
  "GET /scenarios",
  "GET /scenarios/{scenarioId}/blueprint",
  "GET /scenarios-folders",
  "GET /connections",
  "GET /hooks",
  "GET /keys",
  "GET /data-stores",
  "GET /data-structures",
];

/** Names of folders by id. */
async function readFolders(make: MakeCall, teamId: number): Promise<Map<number, string>> {
  const folders = await make.get("GET /scenarios-folders", { query: { teamId } });
  return new Map(folders.map(({ id, name }) => [id, name]));
}

const cicdExport = tool({
  name: "cicd_export",
  title: "Export a bundle",
  description:
    "Scenarios of a team as a bundle for git and other teams: folders, connections, webhooks and structures by name. Secrets are masked; put them in before it goes to a team that lacks the scenario.",
  access: "read",
  sources: ["api", "computed"],
  calls: reading,
  scan: true,
  input: {
    teamId: field.teamId,
    scenarioIds: field.scenarioIds.optional(),
    maxCalls: field.maxCalls,
    reveal: field.reveal,
  },
  output: {
    bundle: field.row("For cicd_plan"),
    secretsMasked: z.int().min(0).describe("Secrets that the bundle lacks"),
  },
  async run({ scenarioIds, maxCalls, reveal, ...input }, make) {
    const teamId = make.teamId(input.teamId);
    const chosen = await chooseScenarios(make, { teamId, scenarioIds });
    const scenarios = await readBlueprints(make, chosen, maxCalls);
    const all = scenarioIds === undefined ? chosen : await listScenarios(make, { teamId });
    const names = await readNames(make, [teamId], all);
    const folders = await readFolders(make, teamId);
    return bundleOf({ scenarios, names, folders, revealed: make.reveals(reveal) });
  },
});

/** What the caller put for references, once it is known to be there. */
function readMap(map: Record<string, unknown>, names: ReadonlyMap<string, string>) {
  const pairs = Object.entries(map).map(([reference, id]) => {
    const kind = reference.split(":")[0] ?? "";
    if (!KINDS.has(kind) || !Number.isInteger(id) || !names.has(`${kind} ${id}`))
      throw new ToolError(
        "VALIDATION_ERROR",
        `map: ${reference} must be the id of a ${kind} of the target team, as in {"connection:Slack": 6004}.`,
      );
    return [reference, Number(id)] as const;
  });
  return new Map(pairs);
}

const cicdPlan = tool({
  name: "cicd_plan",
  title: "Plan a deploy",
  description:
    "What a bundle would create and change in a team, and what the team lacks. Keeps the plan in MAKE_STATE_DIR for cicd_deploy.",
  access: "read",
  sources: ["api", "computed", "local"],
  calls: reading,
  scan: true,
  input: {
    bundle: bundleInput,
    teamId: field.teamId,
    map: field
      .anyObject('What stands for what in the team, such as {"connection:HubSpot prod": 6003}')
      .default({}),
    maxCalls: field.maxCalls,
  },
  output: {
    planId: z.string().nullable().describe("For cicd_deploy; null while something is blocked"),
    scenarios: field.rows("action, name, scenarioId, changes, blocked: why"),
    missing: z.array(z.string()).describe("References that nothing stands for: give map"),
  },
  async run({ bundle, map, maxCalls, ...input }, make) {
    make.context.require("MAKE_STATE_DIR");
    const seen = bundle.scenarios.map(({ name }) => name);
    if (new Set(seen).size < seen.length)
      throw new ToolError("VALIDATION_ERROR", "Two scenarios of the bundle have the same name.");
    const teamId = make.teamId(input.teamId);
    const live = await listScenarios(make, { teamId });
    const same = live.filter(({ name }) => seen.includes(name));
    const scenarios = await readBlueprints(make, same, maxCalls);
    const names = await readNames(make, [teamId], live);
    const ids = idsByReference(names, readMap(map, names));
    const folders = await readFolders(make, teamId);
    const { steps, missing } = planBundle(bundle, { scenarios, ids, folders });
    const isBlocked = steps.some(({ blocked }) => blocked.length > 0);
    return {
      planId: isBlocked
        ? null
        : await savePlan(
            make,
            teamId,
            steps.map(({ step }) => step),
          ),
      scenarios: steps.map(({ step: { action, name, scenarioId }, changes, blocked }) => ({
        action,
        name,
        scenarioId,
        changes,
        blocked,
      })),
      missing,
    };
  },
});

const cicdDeploy = tool({
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

const perScenario = (describe: string) => field.anyObject(describe).default({});

const cicdVerify = tool({
  name: "cicd_verify",
  title: "Verify a deploy",
  description:
    "Whether scenarios are valid, take and give what is expected, and run without error on test data. A test run is a real run.",
  access: "write",
  outside: true,
  sources: ["api", "computed"],
  calls: [
    "GET /scenarios/{scenarioId}",
    "GET /scenarios/{scenarioId}/interface",
    "POST /scenarios/{scenarioId}/run",
  ],
  input: {
    scenarioIds: field.scenarioIds,
    interfaces: perScenario('Expected, such as {"4009": {"input": ["invoice"], "output": []}}'),
    testData: perScenario(
      'Inputs of test runs, such as {"4009": {"invoice": "1"}}; others: no run',
    ),
  },
  output: {
    passed: z.boolean().describe("Whether every check of every scenario did"),
    scenarios: field.rows("scenarioId, valid, interface, run: status and outputs, failures"),
  },
  async run({ scenarioIds, interfaces, testData }, make) {
    const expected = byScenario("interfaces", interfaces, scenarioIds);
    const data = byScenario("testData", testData, scenarioIds);
    const scenarios = [];
    for (const id of new Set(scenarioIds))
      scenarios.push(await verifyScenario(make, id, expected.get(id), data.get(id)));
    return { passed: scenarios.every(({ failures }) => failures.length === 0), scenarios };
  },
});

const cicdRollback = tool({
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

export const cicdIntegration = [cicdExport, cicdPlan, cicdDeploy, cicdVerify, cicdRollback];
