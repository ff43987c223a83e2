import { join } from "node:path";
import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import { usesOf } from "#shared/make-api/blueprint.ts";
import type { LogRow, MakeCall } from "#shared/make-api/call.ts";
import { MAX_ID } from "#shared/make-api/config.ts";
import { readIfThere, updateFile } from "#shared/make-api/locked-file.ts";
import type { Scenario, WithBlueprint } from "#shared/make-api/scan.ts";
import { daysSince, MS_A_DAY } from "./period.ts";
import { runsOf } from "./runs.ts";
import { openStore } from "./store.ts";

export const MAX_EXCEPTIONS = 500;

export const archivalRules = z.object({
  days: z.int().min(1).max(3650).describe("Without run and edit for so many days"),
  exceptScenarioIds: z
    .array(z.int().min(1).max(MAX_ID))
    .max(MAX_EXCEPTIONS)
    .describe("Never candidates"),
});
export type ArchivalRules = z.output<typeof archivalRules>;

const DEFAULTS: ArchivalRules = { days: 90, exceptScenarioIds: [] };

export const archivalStore = (make: MakeCall) =>
  openStore(make, "archival-rules.json", archivalRules, DEFAULTS);

interface Known {
  scenario: Scenario;
  /** The newest rows of its log. */
  rows: readonly LogRow[];
}

/** A scenario whose last run and last edit are both older than `days`; undefined for others. */
export function judgeAge({ scenario, rows }: Known, days: number, now: Date) {
  const lastRun = runsOf(rows)[0]?.row.timestamp ?? null;
  const lastEdit = scenario.lastEdit ?? scenario.created ?? null;
  const limit = now.getTime() - days * MS_A_DAY;
  const isOld = (moment: string | null) => moment === null || Date.parse(moment) < limit;
  if (!isOld(lastRun) || !isOld(lastEdit)) return undefined;
  const isActive = scenario.isActive === true;
  const reasons = [
    lastRun === null
      ? isActive
        ? "active, no run in the log"
        : "no run in the log"
      : "no run lately",
    "not edited lately",
    ...(scenario.isinvalid ? ["invalid"] : []),
    ...(isActive ? [] : ["switched off"]),
  ];
  return {
    id: scenario.id,
    name: scenario.name,
    teamId: scenario.teamId ?? null,
    isActive,
    lastRun,
    daysSinceRun: daysSince(lastRun, now),
    lastEdit,
    daysSinceEdit: daysSince(lastEdit, now),
    reasons,
  };
}

/** Ids of the scenarios that call, by the blueprints, each scenario. */
export function callersOf(all: readonly WithBlueprint[]): Map<number, number[]> {
  const callers = new Map<number, number[]>();
  for (const { scenario, answer } of all)
    for (const id of usesOf(answer.blueprint).scenarios)
      if (id !== scenario.id) callers.set(id, [...(callers.get(id) ?? []), scenario.id]);
  return callers;
}

const archived = z.looseObject({
  scenarioId: z.int(),
  name: z.string(),
  archivedAt: z.string(),
  wasActive: z.boolean(),
  folderId: z.int().nullable(),
  blueprint: z.unknown(),
});
export type Archived = z.output<typeof archived>;

const fileOf = (make: MakeCall, scenarioId: number): string => {
  make.context.require("MAKE_STATE_DIR");
  return join(make.context.config.MAKE_STATE_DIR ?? "", "archive", `${scenarioId}.json`);
};

/** Keeps what is needed to bring a scenario back; says where. */
export async function saveArchived(make: MakeCall, scenario: Archived): Promise<string> {
  const file = fileOf(make, scenario.scenarioId);
  await updateFile(file, () => ({
    text: `${JSON.stringify(scenario, null, 2)}\n`,
    result: undefined,
  }));
  return file;
}

/** Errors: NOT_FOUND for a scenario that was not archived from here. */
export async function readArchived(make: MakeCall, scenarioId: number): Promise<Archived> {
  const text = await readIfThere(fileOf(make, scenarioId));
  if (text !== undefined) return archived.parse(JSON.parse(text));
  throw new ToolError(
    "NOT_FOUND",
    `Scenario ${scenarioId} was not archived from this MAKE_STATE_DIR: move and start it with make-core-server.`,
  );
}
