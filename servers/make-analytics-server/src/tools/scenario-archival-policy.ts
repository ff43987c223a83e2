import * as z from "zod";
import type { MakeCall } from "#shared/make-api/call.ts";
import * as field from "#shared/make-api/fields.ts";
import { listScenarios, oneOf, readBlueprints, scan } from "#shared/make-api/scan.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import {
  archivalRules,
  archivalStore,
  callersOf,
  judgeAge,
  readArchived,
  saveArchived,
} from "../domain/archive.ts";
import { creditsOf } from "../domain/credits.ts";
import { MAX_DAYS } from "../domain/period.ts";
import { chooseScenarios } from "../domain/scenarios.ts";

const tool = toolsOf("scenario-archival-policy");

/** Log rows in which the last run is looked for: one page. */
const LAST_ROWS = 100;

const archivalCandidates = tool({
  name: "archival_candidates",
  title: "Candidates for the archive",
  description:
    "Scenarios whose last run and last edit are both older than n days, or that never ran; with what they used and what depends on them.",
  access: "read",
  sources: ["api", "computed", "local"],
  calls: [
    "GET /scenarios",
    "GET /scenarios/{scenarioId}/logs",
    "GET /scenarios/{scenarioId}/blueprint",
    "GET /scenarios/consumptions",
    "GET /organizations/{organizationId}",
  ],
  scan: true,
  input: {
    organizationId: field.organizationId,
    teamId: field.onlyTeam,
    days: z
      .int()
      .min(1)
      .max(10 * MAX_DAYS)
      .optional()
      .describe("Absent: archival_rules, else 90"),
    maxCalls: field.maxCalls,
  },
  output: {
    days: z.int().describe("Days that were taken"),
    candidates: field.rows("Scenario, last run and edit, reasons, credits in the period, usedBy"),
  },
  async run({ maxCalls, ...asked }, make) {
    const rules = await archivalStore(make).read();
    const days = asked.days ?? rules.days;
    const scenarios = await listScenarios(make, asked);
    const open = scenarios.filter(({ id }) => !rules.exceptScenarioIds.includes(id));
    const found = await readAges(make, open, days, maxCalls);
    await warnOfRetention(make, asked.organizationId, days);
    if (found.length === 0) return { days, candidates: [] };
    const callers = callersOf(await readBlueprints(make, scenarios, maxCalls));
    const consumed = await make.optional("credits", async () =>
      make.get("GET /scenarios/consumptions", { query: await oneOf(make, asked) }),
    );
    const credits = new Map(
      consumed?.map(({ scenarioId, centicredits }) => [scenarioId, creditsOf(centicredits)]),
    );
    // what is not in the list used nothing; what is there without credits is not counted in them
    const creditsUsed = (id: number) =>
      consumed && !credits.has(id) ? 0 : (credits.get(id) ?? null);
    return {
      days,
      candidates: found.map((each) => ({
        ...each,
        credits: creditsUsed(each.id),
        usedBy: callers.get(each.id) ?? [],
      })),
    };
  },
});

async function readAges(
  make: MakeCall,
  scenarios: Awaited<ReturnType<typeof listScenarios>>,
  days: number,
  maxCalls: number | undefined,
) {
  const now = make.context.now();
  const judged = await scan(
    make,
    scenarios,
    async (scenario) => {
      const { rows } = await make.logs(scenario.id, { max: LAST_ROWS });
      return judgeAge({ scenario, rows }, days, now);
    },
    { what: "last runs", maxCalls, callsEach: 2 },
  );
  return judged.filter((each) => each !== undefined);
}

async function warnOfRetention(
  make: MakeCall,
  given: number | undefined,
  days: number,
): Promise<void> {
  const path = { organizationId: await make.organizationId(given) };
  const organization = await make.optional("retention of logs", () =>
    make.get("GET /organizations/{organizationId}", { path }),
  );
  const retention = organization?.license?.retention;
  if (retention != null && retention < days)
    make.warn(
      `Make keeps logs for ${retention} days: a run between ${retention} and ${days} days ago may not be in the log any more.`,
    );
}

const archivalApply = tool({
  name: "archival_apply",
  title: "Archive scenarios",
  description:
    "Save the blueprint to MAKE_STATE_DIR, stop the scenario, move it to a folder. Nothing is deleted; archival_restore brings it back.",
  access: "destroy",
  sources: ["api", "local"],
  calls: [
    "GET /scenarios",
    "GET /scenarios/{scenarioId}/blueprint",
    "POST /scenarios/{scenarioId}/stop",
    "PATCH /scenarios/{scenarioId}",
  ],
  input: {
    organizationId: field.organizationId,
    scenarioIds: field.scenarioIds,
    folderId: field.idOf("Folder that is the archive"),
    dryRun: z.boolean().default(true).describe("Only show what would be done"),
  },
  output: { archived: field.rows("Scenario, whether it was stopped, file of its blueprint") },
  async run({ organizationId, scenarioIds, folderId }, make) {
    make.context.require("MAKE_STATE_DIR");
    const scenarios = await chooseScenarios(make, { organizationId, scenarioIds });
    make.confirmed({
      wouldArchive: scenarios.map(({ id, name, isActive, folderId: from }) => ({
        id,
        name,
        wouldStop: isActive === true,
        from: from ?? null,
        to: folderId,
      })),
    });
    const archived = [];
    for (const scenario of scenarios) {
      const path = { scenarioId: scenario.id };
      const blueprint = await make.get("GET /scenarios/{scenarioId}/blueprint", { path });
      const file = await saveArchived(make, {
        scenarioId: scenario.id,
        name: scenario.name,
        archivedAt: make.context.now().toISOString(),
        wasActive: scenario.isActive === true,
        folderId: scenario.folderId ?? null,
        blueprint,
      });
      if (scenario.isActive) await make.write("POST /scenarios/{scenarioId}/stop", { path });
      await make.write("PATCH /scenarios/{scenarioId}", { path, body: { folderId } });
      archived.push({
        id: scenario.id,
        name: scenario.name,
        stopped: scenario.isActive === true,
        file,
      });
    }
    return { archived };
  },
});

const archivalRestore = tool({
  name: "archival_restore",
  title: "Restore a scenario",
  description: "Move an archived scenario back to its folder, and start it when asked.",
  access: "write",
  idempotent: true,
  sources: ["api", "local"],
  calls: ["PATCH /scenarios/{scenarioId}", "POST /scenarios/{scenarioId}/start"],
  input: {
    scenarioId: field.scenarioId,
    start: z.boolean().default(false).describe("Start it as well"),
  },
  output: {
    scenarioId: z.int().describe("Scenario"),
    folderId: z.int().nullable().describe("Folder it is in again; null: none"),
    started: z.boolean().describe("Whether it was started"),
    wasActive: z.boolean().describe("Whether it was on before it was archived"),
  },
  async run({ scenarioId, start }, make) {
    const { folderId, wasActive } = await readArchived(make, scenarioId);
    const path = { scenarioId };
    await make.write("PATCH /scenarios/{scenarioId}", { path, body: { folderId } });
    if (start) await make.write("POST /scenarios/{scenarioId}/start", { path });
    return { scenarioId, folderId, started: start, wasActive };
  },
});

const archivalRulesTool = tool({
  name: "archival_rules",
  title: "Archival rules",
  description: "Read or store after how many days a scenario is a candidate, and which never are.",
  access: "write",
  local: true,
  idempotent: true,
  sources: ["local"],
  calls: [],
  input: { rules: archivalRules.optional().describe("The rules; absent, only read") },
  output: { rules: field.row("Days, exceptScenarioIds") },
  async run({ rules }, make) {
    const store = archivalStore(make);
    if (rules === undefined) return { rules: await store.read() };
    return await store.update(() => ({ value: rules, result: { rules } }));
  },
});

export const scenarioArchivalPolicy = [
  archivalCandidates,
  archivalApply,
  archivalRestore,
  archivalRulesTool,
];
