import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import { anyObject } from "#shared/make-api/fields.ts";
import type { Scenario } from "#shared/make-api/scan.ts";

const MAX_MODULES = 2_000;
const MAX_FIELDS = 100;

/** A blueprint as Make exports it. */
export const blueprintInput = z
  .looseObject({
    flow: z.array(anyObject("Module")).min(1).max(MAX_MODULES).describe("Modules"),
  })
  .refine((value) => Object.keys(value).length <= MAX_FIELDS, `has more than ${MAX_FIELDS} fields`)
  .meta({ maxProperties: MAX_FIELDS })
  .describe("Blueprint as Make exports it");

/** What one needs of a scenario in a list; its own tool shows all. */
export const showScenario = (scenario: Scenario) => ({
  id: scenario.id,
  name: scenario.name,
  teamId: scenario.teamId ?? null,
  folderId: scenario.folderId ?? null,
  active: scenario.isActive ?? null,
  invalid: scenario.isinvalid ?? null,
  paused: scenario.isPaused ?? null,
  incompleteExecutions: scenario.dlqCount ?? null,
  usedPackages: scenario.usedPackages ?? [],
  scheduling: scenario.scheduling ?? null,
  lastEdit: scenario.lastEdit ?? null,
  nextExec: scenario.nextExec ?? null,
});

/** Keeps the blueprint that a change is about to replace; undefined, with a warning, without MAKE_STATE_DIR. */
export async function saveBlueprint(
  make: MakeCall,
  scenarioId: number,
): Promise<string | undefined> {
  const folder = make.context.config.MAKE_STATE_DIR;
  if (folder === undefined) {
    make.warn("MAKE_STATE_DIR is not set: the blueprint before the change was not saved.");
    return undefined;
  }
  const answer = await make.get("GET /scenarios/{scenarioId}/blueprint", { path: { scenarioId } });
  const stamp = make.context.now().toISOString().replaceAll(":", "-");
  const name = join("blueprints", `${scenarioId}.${stamp}.json`);
  await mkdir(join(folder, "blueprints"), { recursive: true, mode: 0o700 });
  await writeFile(join(folder, name), JSON.stringify(answer, null, 2), { mode: 0o600 });
  return name;
}

interface Run {
  scenarioId: number;
  data: Record<string, unknown> | undefined;
  wait: boolean;
  timeoutS: number;
}

/** Make ends the wait of a responsive run after this, seconds. */
const RESPONSIVE_SECONDS = 40;
const FIRST_POLL_MS = 1_000;
const LAST_POLL_MS = 10_000;
const STATUS_NAMES: Readonly<Record<string, string>> = { 1: "SUCCESS", 2: "WARNING", 3: "ERROR" };

/** Runs a scenario; where Make stops waiting, the execution is asked for until it has ended. */
export async function runScenario(make: MakeCall, { scenarioId, data, wait, timeoutS }: Run) {
  const end = Date.now() + timeoutS * 1_000;
  const body = { ...(data && { data }), responsive: wait };
  const started = await make.write("POST /scenarios/{scenarioId}/run", {
    path: { scenarioId },
    body,
  });
  const { executionId, status, outputs } = started;
  if (typeof executionId !== "string")
    throw new ToolError(
      "API_ERROR",
      "Make answered POST /scenarios/{scenarioId}/run without an executionId. Look at the scenario's log.",
    );
  if (status !== undefined && status !== null)
    return { executionId, status: STATUS_NAMES[String(status)] ?? String(status), outputs };
  if (!wait) return { executionId, status: "RUNNING", outputs: null };
  make.context.progress(
    0,
    timeoutS,
    `The run takes more than ${RESPONSIVE_SECONDS} s; asking for its end`,
  );
  for (let poll = FIRST_POLL_MS; Date.now() + poll < end; poll = Math.min(poll * 2, LAST_POLL_MS)) {
    await delay(poll, undefined, { signal: make.context.signal });
    const key = "GET /scenarios/{scenarioId}/executions/{executionId}";
    const execution = await make.get(key, { path: { scenarioId, executionId } });
    if (execution.status !== "RUNNING")
      return { executionId, status: execution.status, outputs: execution.outputs ?? null };
  }
  make.warn(
    `It had not ended after ${timeoutS} s. Follow it with monitor_execution of make-analytics-server.`,
  );
  return { executionId, status: "RUNNING", outputs: null };
}
