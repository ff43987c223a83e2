import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import * as field from "#shared/make-api/fields.ts";
import { scan } from "#shared/make-api/scan.ts";
import { maskSecrets } from "#shared/make-api/secrets.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { advance, cursorStore, freshRows, MAX_CURSORS, type Places } from "../domain/log-cursor.ts";
import { renderLine } from "../domain/log-lines.ts";
import * as when from "../domain/period.ts";
import { MS_A_DAY, periodOf } from "../domain/period.ts";
import { chooseScenarios } from "../domain/scenarios.ts";

const tool = toolsOf("log-streaming");

const MAX_LINES = 2_000;
/** Rows of one scenario between two pulls; past it pull more often. */
const MAX_BACKLOG = 5_000;
const MAX_BYTES = 1_048_576;

const logsPull = tool({
  name: "logs_pull",
  title: "Next log lines",
  description:
    "Log rows since the last pull under cursorName as JSONL, OTLP or syslog lines, oldest first, each once. repeat gives the last batch again when it was lost.",
  access: "read",
  scan: true,
  sources: ["api", "local"],
  calls: ["GET /scenarios", "GET /scenarios/{scenarioId}/logs"],
  input: {
    organizationId: field.organizationId,
    teamId: field.onlyTeam,
    scenarioIds: field.scenarioIds.optional(),
    cursorName: z
      .string()
      .max(60)
      .regex(/^[\w-]+$/)
      .default("default")
      .describe("Whose place is kept"),
    format: z.enum(["jsonl", "otlp", "syslog"]).default("jsonl").describe("Form of a line"),
    max: z.int().min(1).max(MAX_LINES).default(1_000).describe("Lines, at most"),
    repeat: z.boolean().default(false).describe("The last batch again, and what came since"),
    maxCalls: field.maxCalls,
  },
  output: {
    lines: z.array(z.string()).describe("Oldest first"),
    more: z.boolean().describe("Whether there are more: pull again"),
  },
  async run({ cursorName, format, max, repeat, maxCalls, ...asked }, make) {
    make.context.require("MAKE_STATE_DIR");
    const store = cursorStore(make);
    const kept = (await store.read())[cursorName];
    const from = (repeat ? kept?.before : kept?.now) ?? {};
    const lines = await readFresh(make, asked, from, maxCalls);
    const sent = lines.slice(0, max);
    await store.update((cursors) => {
      if (!(cursorName in cursors) && Object.keys(cursors).length >= MAX_CURSORS)
        throw new ToolError("CONFLICT", `${MAX_CURSORS} cursors are kept: use one of them again.`);
      const value = { ...cursors, [cursorName]: { before: from, now: advance(from, sent) } };
      return { value, result: undefined };
    });
    return { lines: sent.map((line) => renderLine(line, format)), more: lines.length > max };
  },
});

/** A scenario that was not pulled before begins a day back. */
async function readFresh(
  make: MakeCall,
  asked: Parameters<typeof chooseScenarios>[1],
  from: Places,
  maxCalls: number | undefined,
) {
  const scenarios = await chooseScenarios(make, asked);
  const yesterday = make.context.now().getTime() - MS_A_DAY;
  const read = await scan(
    make,
    scenarios,
    async ({ id }) => {
      const since = from[id]?.at ?? yesterday;
      const { rows, more } = await make.logs(id, { from: since, max: MAX_BACKLOG });
      if (more)
        make.missing({
          part: `log of scenario ${id}`,
          reason: "size",
          need: `only the newest ${MAX_BACKLOG} rows are read: pull more often`,
        });
      return freshRows(rows, id, from);
    },
    { what: "logs", maxCalls },
  );
  return read.flat().sort((a, b) => Date.parse(a.row.timestamp) - Date.parse(b.row.timestamp));
}

const logsQuery = tool({
  name: "logs_query",
  title: "Query a log",
  description:
    "Rows of a scenario's log by time, status, duration and credits, newest first; starts, stops and changes apart from runs.",
  access: "read",
  sources: ["api"],
  calls: ["GET /scenarios/{scenarioId}/logs"],
  input: {
    scenarioId: field.scenarioId,
    from: when.from,
    to: when.to,
    status: z.enum(["success", "warning", "error"]).optional().describe("Only such runs"),
    minDurationMs: z.int().min(0).max(1e9).optional().describe("Only runs that took so long"),
    minCredits: z.number().min(0).max(1e9).optional().describe("Only runs that cost so much"),
    limit: z.int().min(1).max(MAX_LINES).default(100).describe("Rows read"),
  },
  output: {
    runs: field.rows("Runs"),
    events: field.rows("Starts, stops and changes"),
    more: z.boolean().describe("Whether there are older rows that were not read"),
  },
  async run({ scenarioId, status, minDurationMs, minCredits, limit, ...span }, make) {
    const period = periodOf(span, make.context.now());
    const number = status && ["success", "warning", "error"].indexOf(status) + 1;
    const { rows, more } = await make.logs(scenarioId, {
      ...period,
      max: limit,
      query: { status: number, durationFrom: minDurationMs },
    });
    const masked = maskSecrets(rows);
    const runs = masked.filter(
      (row) =>
        row.status != null &&
        (number === undefined || row.status === number) &&
        (row.duration ?? 0) >= (minDurationMs ?? 0) &&
        (row.centicredits ?? 0) >= (minCredits ?? 0) * 100,
    );
    return { runs, events: masked.filter((row) => row.status == null), more };
  },
});

const logsExecution = tool({
  name: "logs_execution",
  title: "One run",
  description: "Status, outputs, error and failing module of one run, secrets masked.",
  access: "read",
  sources: ["api"],
  calls: [
    "GET /scenarios/{scenarioId}/logs/{executionId}",
    "GET /scenarios/{scenarioId}/executions/{executionId}",
  ],
  input: {
    scenarioId: field.scenarioId,
    executionId: field.name("Of the run"),
    maxBytes: z.int().min(1).max(MAX_BYTES).default(65_536).describe("Of the outputs"),
    reveal: field.reveal,
  },
  output: {
    log: field.row("Its row in the log").optional(),
    execution: field.row("Status, outputs, error with the failing module").optional(),
  },
  async run({ scenarioId, executionId, maxBytes, reveal }, make) {
    const path = { scenarioId, executionId };
    const log = await ifThere(() =>
      make.get("GET /scenarios/{scenarioId}/logs/{executionId}", { path }),
    );
    const execution = await ifThere(() =>
      make.get("GET /scenarios/{scenarioId}/executions/{executionId}", { path }),
    );
    if (!log && !execution)
      throw new ToolError(
        "NOT_FOUND",
        `Make keeps no run ${executionId} of scenario ${scenarioId}.`,
      );
    const show = <T>(value: T): T => (make.reveals(reveal) ? value : maskSecrets(value));
    const bytes = Buffer.byteLength(JSON.stringify(execution?.outputs ?? null));
    if (bytes > maxBytes)
      make.missing({ part: "outputs", reason: "size", need: `maxBytes of at least ${bytes}` });
    const { outputs: _, ...rest }: Record<string, unknown> = execution ?? {};
    return {
      ...(log && { log: show(log) }),
      ...(execution && { execution: show(bytes > maxBytes ? rest : execution) }),
    };
  },
});

async function ifThere<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ToolError && error.code === "NOT_FOUND") return undefined;
    throw error;
  }
}

const hookLogsPull = tool({
  name: "hook_logs_pull",
  title: "Requests of a webhook",
  description:
    "What a webhook received, newest first; Make keeps it for some days (3 on most plans).",
  access: "read",
  sources: ["api"],
  calls: ["GET /hooks/{hookId}/logs"],
  input: { hookId: field.idOf("Webhook"), from: when.from, to: when.to },
  output: { requests: field.rows("Id, statusId, typeId, loggedAt, replayable") },
  async run({ hookId, ...span }, make) {
    const { from, to } = periodOf(span, make.context.now());
    const query = { from, to };
    const rows = await make.all("GET /hooks/{hookId}/logs", { path: { hookId }, query });
    const inside = rows.filter(({ loggedAt }) => {
      const at = loggedAt == null ? from : Date.parse(loggedAt);
      return at >= from && at <= to;
    });
    return { requests: maskSecrets(inside) };
  },
});

export const logStreaming = [logsPull, logsQuery, logsExecution, hookLogsPull];
