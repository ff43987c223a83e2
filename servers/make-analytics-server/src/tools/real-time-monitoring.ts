import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import type { MakeCall } from "#shared/make-api/call.ts";
import * as field from "#shared/make-api/fields.ts";
import { listScenarios, listTeams, scan } from "#shared/make-api/scan.ts";
import { maskSecrets } from "#shared/make-api/secrets.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { judgeHealth, nearLimit } from "../domain/health.ts";
import { moment } from "../domain/period.ts";
import { type Run, runsOf } from "../domain/runs.ts";

const tool = toolsOf("real-time-monitoring");

const MAX_WATCHED = 10;
const MAX_MINUTES = 14;
const MAX_WAIT_SECONDS = 600;
/** Log rows in which the last run is looked for. */
const LAST_ROWS = 20;
const MAX_NEW_ROWS = 500;

const monitorSnapshot = tool({
  name: "monitor_snapshot",
  title: "What is wrong now",
  description:
    "Scenarios that are invalid, paused, failing, stuck (no run for 3 intervals) or have incomplete executions, and webhook queues at 80 % of their limit.",
  access: "read",
  scan: true,
  sources: ["api", "computed"],
  calls: ["GET /scenarios", "GET /scenarios/{scenarioId}/logs", "GET /teams", "GET /hooks"],
  input: { organizationId: field.organizationId, maxCalls: field.maxCalls },
  output: {
    scenarios: field.rows("Scenario, problems, last run, last error, incomplete executions"),
    queues: field.rows("Webhooks near their limit").optional(),
    checked: z.int().min(0).describe("Scenarios"),
  },
  async run({ maxCalls, ...input }, make) {
    const organizationId = await make.organizationId(input.organizationId);
    const scenarios = await listScenarios(make, { organizationId });
    const judged = await scan(
      make,
      scenarios,
      async (scenario) => {
        const { rows } = await make.logs(scenario.id, { max: LAST_ROWS });
        return judgeHealth(scenario, runsOf(rows), make.context.now());
      },
      { what: "last runs", maxCalls, callsEach: 2 },
    );
    const hooks = await make.optional("hooks", async () => {
      const found = [];
      for (const { id: teamId } of await listTeams(make, { organizationId }))
        found.push(...(await make.all("GET /hooks", { query: { teamId } })));
      return found;
    });
    return {
      scenarios: maskSecrets(judged.filter((each) => each !== undefined)),
      ...(hooks && { queues: nearLimit(hooks) }),
      checked: scenarios.length,
    };
  },
});

const seconds = (describe: string) => z.int().min(1).max(60).describe(describe);

const monitorWatch = tool({
  name: "monitor_watch",
  title: "Watch runs",
  description:
    "Look for new runs of scenarios for some minutes, each told as progress when it appears. Make pushes nothing: this asks again and again, one call a scenario each time.",
  access: "read",
  scan: true,
  sources: ["api"],
  calls: ["GET /scenarios/{scenarioId}/logs"],
  input: {
    scenarioIds: z.array(field.scenarioId).min(1).max(MAX_WATCHED).describe("Scenarios"),
    minutes: z.number().min(0).max(MAX_MINUTES).default(1).describe("How long; 0 looks once"),
    everySeconds: seconds("Between two looks").default(10),
    minStatus: z
      .enum(["success", "warning", "error"])
      .default("success")
      .describe("Only such runs, or worse"),
    from: moment("Runs since then; absent, now"),
  },
  output: {
    runs: field.rows("New runs, oldest first"),
    looks: z.int().min(1).describe("Times asked"),
  },
  async run({ scenarioIds, minutes, everySeconds, minStatus, from }, make) {
    const least = ["success", "warning", "error"].indexOf(minStatus) + 1;
    const since = from === undefined ? make.context.now().getTime() : Date.parse(from);
    const seen = new Set<string>();
    const found: { scenarioId: number; run: Run }[] = [];
    const end = performance.now() + minutes * 60_000;
    let looks = 0;
    for (;;) {
      looks += 1;
      for (const scenarioId of scenarioIds)
        for (const run of await newRuns(make, scenarioId, since, seen)) {
          if (run.status < least) continue;
          found.push({ scenarioId, run });
          make.context.progress(found.length, undefined, `scenario ${scenarioId}: ${tellRun(run)}`);
        }
      if (performance.now() + everySeconds * 1_000 > end) break;
      await delay(everySeconds * 1_000, undefined, { signal: make.context.signal });
    }
    return {
      runs: found
        .sort((a, b) => a.run.at - b.run.at)
        .map(({ scenarioId, run }) => ({ scenarioId, ...maskSecrets(run.row) })),
      looks,
    };
  },
});

async function newRuns(make: MakeCall, scenarioId: number, from: number, seen: Set<string>) {
  const { rows, more } = await make.logs(scenarioId, { from, max: MAX_NEW_ROWS });
  if (more)
    make.missing({
      part: `runs of scenario ${scenarioId}`,
      reason: "size",
      need: `only the newest ${MAX_NEW_ROWS} are read`,
    });
  const fresh = runsOf(rows).filter(({ row }) => !seen.has(row.imtId));
  for (const { row } of fresh) seen.add(row.imtId);
  return fresh;
}

const tellRun = ({ status, duration }: Run): string =>
  `${["success", "warning", "error"][status - 1]} after ${duration} ms`;

const monitorExecution = tool({
  name: "monitor_execution",
  title: "Follow a run",
  description: "Follow one run to its end, or until the time is over.",
  access: "read",
  scan: true,
  sources: ["api"],
  calls: ["GET /scenarios/{scenarioId}/executions/{executionId}"],
  input: {
    scenarioId: field.scenarioId,
    executionId: field.name("Of the run"),
    timeoutSeconds: z.int().min(0).max(MAX_WAIT_SECONDS).default(60).describe("Longest wait"),
    everySeconds: seconds("Between two looks").default(3),
  },
  output: {
    ended: z.boolean().describe("false: it still runs"),
    execution: field.row("Status, outputs, error; masked"),
  },
  async run({ scenarioId, executionId, timeoutSeconds, everySeconds }, make) {
    const path = { scenarioId, executionId };
    const end = performance.now() + timeoutSeconds * 1_000;
    for (let looks = 1; ; looks += 1) {
      const execution = await make.get("GET /scenarios/{scenarioId}/executions/{executionId}", {
        path,
      });
      const ended = execution.status !== "RUNNING";
      make.context.progress(looks, undefined, execution.status);
      if (ended || performance.now() + everySeconds * 1_000 > end)
        return { ended, execution: maskSecrets(execution) };
      await delay(everySeconds * 1_000, undefined, { signal: make.context.signal });
    }
  },
});

const monitorStop = tool({
  name: "monitor_stop_execution",
  title: "Stop a run",
  description: "Stop a run that is under way; what it did so far stays done.",
  access: "destroy",
  idempotent: true,
  sources: ["api"],
  calls: [
    "GET /scenarios/{scenarioId}/executions/{executionId}",
    "POST /scenarios/{scenarioId}/executions/{executionId}/stop",
  ],
  input: {
    scenarioId: field.scenarioId,
    executionId: field.name("Of the run"),
    force: z.boolean().default(false).describe("In the middle of a module, too"),
  },
  output: {
    stopped: z.boolean().describe("false: it had ended already"),
    status: z.string().describe("Before"),
  },
  async run({ scenarioId, executionId, force }, make) {
    const path = { scenarioId, executionId };
    const { status } = await make.get("GET /scenarios/{scenarioId}/executions/{executionId}", {
      path,
    });
    if (status !== "RUNNING") return { stopped: false, status };
    make.confirmed({ wouldStop: executionId, status });
    const key = "POST /scenarios/{scenarioId}/executions/{executionId}/stop";
    await make.write(key, { path, body: { force } });
    return { stopped: true, status };
  },
});

export const realTimeMonitoring = [monitorSnapshot, monitorWatch, monitorExecution, monitorStop];
