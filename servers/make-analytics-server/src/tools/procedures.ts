import * as z from "zod";
import type { MakeCall } from "#shared/make-api/call.ts";
import * as field from "#shared/make-api/fields.ts";
import { listScenarios } from "#shared/make-api/scan.ts";
import { maskSecrets } from "#shared/make-api/secrets.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { normalizeMessage } from "../domain/error-groups.ts";

const tool = toolsOf("procedures");

const MAX_IDS = 500;
const MAX_REASON = 60;

async function readOpen(make: MakeCall, scenarioId: number) {
  const rows = await make.all("GET /dlqs", { query: { scenarioId } });
  return rows.filter(({ resolved }) => resolved !== true);
}

const incompleteExecutions = tool({
  name: "incomplete_executions",
  title: "Incomplete executions",
  description:
    "Runs that stopped half way and are kept, by cause: of one scenario, or of all of a team or the organisation that have some.",
  access: "read",
  sources: ["api", "computed"],
  calls: ["GET /scenarios", "GET /dlqs"],
  input: {
    organizationId: field.organizationId,
    teamId: field.onlyTeam,
    scenarioId: field.scenarioId.optional(),
  },
  output: {
    causes: field.rows("Scenario, cause, count, oldest, newest, ids"),
    total: z.int().min(0).describe("That are not resolved"),
  },
  async run({ scenarioId, ...where }, make) {
    const ids =
      scenarioId === undefined
        ? (await listScenarios(make, where))
            .filter(({ dlqCount }) => (dlqCount ?? 0) > 0)
            .map(({ id }) => id)
        : [scenarioId];
    const causes = [];
    for (const id of ids) causes.push(...causesOf(id, await readOpen(make, id)));
    return {
      causes: causes.sort((a, b) => b.count - a.count || a.scenarioId - b.scenarioId),
      total: causes.reduce((sum, { count }) => sum + count, 0),
    };
  },
});

function causesOf(scenarioId: number, rows: Awaited<ReturnType<typeof readOpen>>) {
  const causes = new Map<string, typeof rows>();
  for (const row of rows) {
    const cause = normalizeMessage(maskSecrets(row.reason ?? "unknown"));
    causes.set(cause, [...(causes.get(cause) ?? []), row]);
  }
  return [...causes].map(([cause, all]) => {
    const times = all.flatMap(({ created }) => (created == null ? [] : [created])).sort();
    return {
      scenarioId,
      cause,
      count: all.length,
      oldest: times[0] ?? null,
      newest: times.at(-1) ?? null,
      ids: all.map(({ id }) => id),
    };
  });
}

const resolveExecutions = tool({
  name: "incomplete_executions_resolve",
  title: "Retry or delete them",
  description:
    "Retry or delete incomplete executions of a scenario: those named, or all. A retry does again what it did not finish; a deletion loses the data.",
  access: "destroy",
  sources: ["api"],
  calls: ["GET /dlqs", "POST /dlqs/retry", "DELETE /dlqs"],
  input: {
    scenarioId: field.scenarioId,
    action: z.enum(["retry", "delete"]).describe("What is done"),
    ids: z
      .array(z.string().min(1).max(MAX_REASON))
      .min(1)
      .max(MAX_IDS)
      .optional()
      .describe("Absent: all"),
  },
  output: {
    action: z.string().describe("What was done"),
    ids: z.array(z.string()).describe("To which"),
    notFound: z.array(z.string()).describe("Named, but not there or resolved"),
  },
  async run({ scenarioId, action, ids }, make) {
    const open = (await readOpen(make, scenarioId)).map(({ id }) => id);
    const chosen = ids === undefined ? open : open.filter((id) => ids.includes(id));
    const notFound = (ids ?? []).filter((id) => !open.includes(id));
    make.confirmed({ action, scenarioId, ids: chosen, notFound });
    const call = { query: { scenarioId }, body: { ids: chosen } };
    if (chosen.length > 0 && action === "retry") await make.write("POST /dlqs/retry", call);
    if (chosen.length > 0 && action === "delete")
      await make.write("DELETE /dlqs", { ...call, query: { scenarioId, confirmed: true } });
    return { action, ids: chosen, notFound };
  },
});

const rpcCall = tool({
  name: "rpc_call",
  title: "Call an app's RPC",
  description:
    "Call a remote procedure of an app, as Make's editor does for dynamic options: it asks the third party with the connection in `data`. Secrets are masked.",
  access: "write",
  outside: true,
  sources: ["api"],
  calls: ["POST /rpcs/{appName}/{appVersion}/{rpcName}"],
  input: {
    app: field.name("App, such as google-sheets"),
    version: z.int().min(1).max(1_000).describe("Its version"),
    rpc: field.name("Name of the RPC"),
    data: field.anyObject("What it takes, such as __IMTCONN__").default({}),
    reveal: field.reveal,
  },
  output: { result: z.unknown().describe("As the app answers") },
  async run({ app, version, rpc, data, reveal }, make) {
    const path = { appName: app, appVersion: version, rpcName: rpc };
    const key = "POST /rpcs/{appName}/{appVersion}/{rpcName}";
    const result = await make.write(key, { path, body: { data } });
    return { result: make.reveals(reveal) ? result : maskSecrets(result) };
  },
});

export const procedures = [incompleteExecutions, resolveExecutions, rpcCall];
