import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import type { EndpointKey } from "#shared/make-api/endpoints.ts";
import * as field from "#shared/make-api/fields.ts";
import { readNames } from "#shared/make-api/names.ts";
import { listScenarios, readBlueprints } from "#shared/make-api/scan.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { bundleInput, bundleOf, KINDS } from "../domain/bundle.ts";
import { idsByReference, planBundle } from "../domain/deploy-plan.ts";
import { savePlan } from "../domain/deploy-store.ts";
import { byScenario, verifyScenario } from "../domain/deploy-verify.ts";
import { chooseScenarios } from "../domain/scenarios.ts";
import { cicdDeploy, cicdRollback } from "./cicd-deploy.ts";

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

export const cicdIntegration = [cicdExport, cicdPlan, cicdDeploy, cicdVerify, cicdRollback];
