import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import { page } from "#shared/data/page.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import type { CallOptions } from "#shared/make-api/client.ts";
import * as field from "#shared/make-api/fields.ts";
import { listScenarios } from "#shared/make-api/scan.ts";
import { scenarioBody } from "#shared/make-api/scenario-body.ts";
import { maskSecrets } from "#shared/make-api/secrets.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { blueprintInput, runScenario, saveBlueprint, showScenario } from "../domain/scenario.ts";

const tool = toolsOf("scenarios");

const MAX_LISTED = 200;
const LAST_RUNS = 10;
/** Longest a run is followed, seconds. */
export const MAX_RUN_SECONDS = 300;

const scheduling = field
  .anyObject('Schedule, such as {"type":"indefinitely","interval":900} or {"type":"on-demand"}')
  .optional();
const folderId = field.idOf("Folder");
const ON_DEMAND = { type: "on-demand" };

const scenariosList = tool({
  name: "scenarios_list",
  title: "List scenarios",
  description: "Scenarios of the organisation or a team, by text, folder, app or state.",
  access: "read",
  sources: ["api"],
  calls: ["GET /scenarios"],
  input: {
    organizationId: field.organizationId,
    teamId: field.onlyTeam,
    folderId: folderId.optional(),
    active: z.boolean().optional().describe("Only scenarios that are on, or off"),
    text: field.name("Part of the name or the description, in any case").optional(),
    usedPackage: field.name('App, such as "google-sheets"').optional(),
    limit: z.int().min(1).max(MAX_LISTED).default(50).describe("Scenarios shown"),
    cursor: z.string().max(500).optional().describe("nextCursor of the page before"),
  },
  output: {
    scenarios: field.rows("Scenarios"),
    total: z.int().min(0).describe("That fit"),
    nextCursor: z.string().optional().describe("Leads to the next page"),
  },
  async run({ limit, cursor, ...filter }, make) {
    const { folderId, active, text, usedPackage } = filter;
    const words = text?.toLowerCase();
    const found = (await listScenarios(make, filter)).filter(
      (each) =>
        (folderId === undefined || each.folderId === folderId) &&
        (active === undefined || (each.isActive === true) === active) &&
        (usedPackage === undefined || each.usedPackages?.includes(usedPackage)) &&
        (words === undefined ||
          `${each.name}\n${each.description ?? ""}`.toLowerCase().includes(words)),
    );
    const shown = page(found, { kind: "scenarios", query: filter, limit, cursor, max: MAX_LISTED });
    const { items, total, nextCursor } = shown;
    return { scenarios: items.map(showScenario), total, ...(nextCursor && { nextCursor }) };
  },
});

const PARTS = ["blueprint", "interface", "trigger", "usage", "logs"] as const;

const scenariosGet = tool({
  name: "scenarios_get",
  title: "Get a scenario",
  description: "A scenario, with its blueprint, interface, trigger, daily usage or last runs.",
  access: "read",
  sources: ["api"],
  calls: [
    "GET /scenarios/{scenarioId}",
    "GET /scenarios/{scenarioId}/blueprint",
    "GET /scenarios/{scenarioId}/interface",
    "GET /scenarios/{scenarioId}/triggers",
    "GET /scenarios/{scenarioId}/usage",
    "GET /scenarios/{scenarioId}/logs",
  ],
  input: {
    scenarioId: field.scenarioId,
    include: z.array(z.enum(PARTS)).max(PARTS.length).default([]).describe("What to add"),
    reveal: field.reveal,
  },
  output: { scenario: field.row("The scenario") },
  async run({ scenarioId, include, reveal }, make) {
    const path = { scenarioId };
    const scenario = await make.get("GET /scenarios/{scenarioId}", { path });
    const parts: Record<string, unknown> = {};
    for (const part of include) parts[part] = await readPart(make, part, scenarioId);
    const shows = make.reveals(reveal);
    return { scenario, ...(shows ? parts : maskSecrets(parts)) };
  },
});

function readPart(make: MakeCall, part: (typeof PARTS)[number], scenarioId: number) {
  const options: CallOptions = { path: { scenarioId } };
  const read: Record<(typeof PARTS)[number], () => Promise<unknown>> = {
    blueprint: () => make.get("GET /scenarios/{scenarioId}/blueprint", options),
    interface: () => make.get("GET /scenarios/{scenarioId}/interface", options),
    trigger: () => make.get("GET /scenarios/{scenarioId}/triggers", options),
    usage: () => make.get("GET /scenarios/{scenarioId}/usage", options),
    logs: async () => (await make.logs(scenarioId, { max: LAST_RUNS })).rows,
  };
  return make.optional(part, read[part]);
}

const scenariosCreate = tool({
  name: "scenarios_create",
  title: "Create a scenario",
  description:
    "Create a scenario from a blueprint, or as a clone of another one. It is off at first.",
  access: "write",
  sources: ["api"],
  calls: ["POST /scenarios", "POST /scenarios/{scenarioId}/clone"],
  input: {
    teamId: field.teamId,
    organizationId: field.organizationId,
    name: field.name("Name"),
    blueprint: blueprintInput.optional(),
    cloneFrom: field.idOf("Scenario to clone, instead of a blueprint").optional(),
    scheduling,
    folderId: folderId.optional(),
    map: field
      .anyObject('For a clone: what stands for what, such as {"account":{"6001":6002},"hook":{}}')
      .optional(),
    installApps: z
      .boolean()
      .default(false)
      .describe("Confirm apps that the organisation uses for the first time"),
  },
  output: { scenario: field.row("What was made") },
  async run(input, make) {
    const { blueprint, cloneFrom, name, scheduling, folderId } = input;
    if ((blueprint === undefined) === (cloneFrom === undefined))
      throw new ToolError("VALIDATION_ERROR", "Give a blueprint or cloneFrom, one of the two.");
    const teamId = make.teamId(input.teamId);
    const confirmed = input.installApps ? { confirmed: true } : {};
    if (cloneFrom !== undefined) {
      const organizationId = await make.organizationId(input.organizationId);
      return {
        scenario: await make.write("POST /scenarios/{scenarioId}/clone", {
          path: { scenarioId: cloneFrom },
          query: { organizationId, ...confirmed },
          body: { name, teamId, states: false, ...input.map },
        }),
      };
    }
    const body = {
      teamId,
      ...scenarioBody({ blueprint: { ...blueprint, name }, scheduling: scheduling ?? ON_DEMAND }),
      ...(folderId !== undefined && { folderId }),
    };
    return { scenario: await make.write("POST /scenarios", { query: confirmed, body }) };
  },
});

const scenariosUpdate = tool({
  name: "scenarios_update",
  title: "Change a scenario",
  description:
    "Rename or move a scenario, change its schedule, start or stop it, or replace its blueprint.",
  access: "destroy",
  sources: ["api"],
  calls: [
    "GET /scenarios/{scenarioId}",
    "PATCH /scenarios/{scenarioId}",
    "POST /scenarios/{scenarioId}/start",
    "POST /scenarios/{scenarioId}/stop",
    "GET /scenarios/{scenarioId}/blueprint",
  ],
  idempotent: true,
  input: {
    scenarioId: field.scenarioId,
    name: field.name("New name").optional(),
    folderId: folderId.nullable().optional().describe("Folder; null for none"),
    blueprint: blueprintInput.optional(),
    scheduling,
    active: z.boolean().optional().describe("Start or stop it"),
    expectedLastEdit: z
      .string()
      .max(40)
      .optional()
      .describe("lastEdit as you saw it: changed since, nothing is done"),
  },
  output: { scenario: field.row("As it is now"), changed: z.array(z.string()).describe("What") },
  async run({ scenarioId, expectedLastEdit, active, ...wanted }, make) {
    const path = { scenarioId };
    const before = await make.get("GET /scenarios/{scenarioId}", { path });
    if (expectedLastEdit !== undefined && before.lastEdit !== expectedLastEdit)
      throw new ToolError(
        "CONFLICT",
        `Scenario ${scenarioId} was last edited at ${before.lastEdit}, not ${expectedLastEdit}. Read it again.`,
        { details: { lastEdit: before.lastEdit } },
      );
    const { blueprint, scheduling, name, folderId } = wanted;
    const body = {
      ...(name !== undefined && { name }),
      ...(folderId !== undefined && { folderId }),
      ...scenarioBody({ blueprint, scheduling }),
    };
    const given = Object.entries({ ...wanted, active }).filter(([, value]) => value !== undefined);
    const changed = given.map(([key]) => key).filter((key) => key !== "confirm");
    if (changed.length === 0)
      throw new ToolError("VALIDATION_ERROR", "Nothing to change was given.");
    // only a replaced blueprint is lost; the rest can be set back
    if (blueprint) {
      make.confirmed({ scenario: showScenario(before), changes: changed });
      await saveBlueprint(make, scenarioId);
    }
    if (Object.keys(body).length > 0)
      await make.write("PATCH /scenarios/{scenarioId}", { path, body });
    if (active !== undefined) {
      const key = active
        ? "POST /scenarios/{scenarioId}/start"
        : "POST /scenarios/{scenarioId}/stop";
      await make.write(key, { path });
    }
    const after = await make.get("GET /scenarios/{scenarioId}", { path });
    return { scenario: showScenario(after), changed };
  },
});

const scenariosDelete = tool({
  name: "scenarios_delete",
  title: "Delete a scenario",
  description: "Delete a scenario, after its blueprint was saved in MAKE_STATE_DIR.",
  access: "destroy",
  sources: ["api"],
  calls: [
    "GET /scenarios/{scenarioId}",
    "GET /scenarios/{scenarioId}/blueprint",
    "DELETE /scenarios/{scenarioId}",
  ],
  input: { scenarioId: field.scenarioId },
  output: {
    deleted: field.row("The scenario that was"),
    saved: z.string().describe("File of its blueprint, below MAKE_STATE_DIR"),
  },
  async run({ scenarioId }, make) {
    const path = { scenarioId };
    make.context.require("MAKE_STATE_DIR");
    const scenario = await make.get("GET /scenarios/{scenarioId}", { path });
    make.confirmed({ wouldDelete: showScenario(scenario), saves: "its blueprint" });
    const saved = await saveBlueprint(make, scenarioId);
    await make.write("DELETE /scenarios/{scenarioId}", { path });
    return { deleted: showScenario(scenario), saved: saved ?? "" };
  },
});

const scenariosRun = tool({
  name: "scenarios_run",
  title: "Run a scenario",
  description: "Run a scenario once, with input data, and wait for its outcome.",
  access: "destroy",
  sources: ["api"],
  calls: [
    "GET /scenarios/{scenarioId}",
    "POST /scenarios/{scenarioId}/run",
    "GET /scenarios/{scenarioId}/executions/{executionId}",
  ],
  outside: true,
  scan: true,
  input: {
    scenarioId: field.scenarioId,
    data: field.anyObject("Values for the inputs of the scenario").optional(),
    wait: z.boolean().default(true).describe("Wait for the end"),
    timeoutS: z.int().min(1).max(MAX_RUN_SECONDS).default(60).describe("Seconds to wait at most"),
  },
  output: {
    executionId: z.string().describe("Of the run"),
    status: z.string().describe("RUNNING, SUCCESS, WARNING or ERROR"),
    outputs: z.unknown().describe("What the scenario returned"),
  },
  async run({ scenarioId, data, wait, timeoutS }, make) {
    const scenario = await make.get("GET /scenarios/{scenarioId}", { path: { scenarioId } });
    make.confirmed({ wouldRun: showScenario(scenario), data: data ?? {} });
    return await runScenario(make, { scenarioId, data, wait, timeoutS });
  },
});

export const scenarios = [
  scenariosList,
  scenariosGet,
  scenariosCreate,
  scenariosUpdate,
  scenariosDelete,
  scenariosRun,
];
