import * as z from "zod";
import * as field from "#shared/make-api/fields.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { queuePercent, showConnection, showHook } from "../domain/connection.ts";
import { readUses, usersOf } from "../domain/using.ts";

const tool = toolsOf("connections");

const MAX_TYPES = 50;
const MAX_CREDENTIALS = 20;
const MAX_MODULES = 100;

const connectionId = field.idOf("Connection");
const appName = field.name('App, such as "google-sheets"');

const connectionsList = tool({
  name: "connections_list",
  title: "List connections",
  description:
    "Connections of a team with expiry and scopes; with usage, the scenarios that use each.",
  access: "read",
  sources: ["api"],
  calls: ["GET /connections", "GET /scenarios", "GET /scenarios/{scenarioId}/blueprint"],
  scan: true,
  input: {
    teamId: field.teamId,
    types: z.array(appName).max(MAX_TYPES).optional().describe('Only these, such as ["slack3"]'),
    withUsage: z.boolean().default(false).describe("Read the blueprints of the organisation too"),
    maxCalls: field.maxCalls,
  },
  output: {
    connections: field.rows("With usedBy, when usage was asked for"),
    total: z.int().min(0).describe("Connections"),
  },
  async run({ teamId, types, withUsage, maxCalls }, make) {
    const query = { teamId: make.teamId(teamId), "type[]": types };
    const all = await make.all("GET /connections", { query });
    const wanted = all.filter(({ accountName }) => !types || types.includes(accountName ?? ""));
    const uses = withUsage ? await readUses(make, { maxCalls }) : undefined;
    const connections = wanted.map((each) => ({
      ...showConnection(each, make.context.now()),
      ...(uses && { usedBy: usersOf(uses, "connections", each.id) }),
    }));
    return { connections, total: connections.length };
  },
});

const connectionsGet = tool({
  name: "connections_get",
  title: "Get a connection",
  description: "One connection with the scopes that it was granted.",
  access: "read",
  sources: ["api"],
  calls: ["GET /connections/{connectionId}"],
  input: { connectionId },
  output: { connection: field.row("The connection"), scopes: field.rows("Id and name") },
  async run({ connectionId }, make) {
    const path = { connectionId };
    const connection = await make.get("GET /connections/{connectionId}", { path });
    const scopes = (connection.scopes ?? []).map((scope) =>
      typeof scope === "object" && scope !== null ? { ...scope } : { id: scope },
    );
    return { connection: showConnection(connection, make.context.now()), scopes };
  },
});

const connectionsVerify = tool({
  name: "connections_verify",
  title: "Test a connection",
  description: "Ask Make to test a connection against its app.",
  access: "write",
  sources: ["api"],
  calls: ["POST /connections/{connectionId}/test"],
  outside: true,
  idempotent: true,
  input: { connectionId },
  output: { verified: z.boolean().describe("Whether the app accepted it") },
  async run({ connectionId }, make) {
    const options = { path: { connectionId } };
    const { verified } = await make.ask("POST /connections/{connectionId}/test", options);
    return { verified };
  },
});

const connectionsRequest = tool({
  name: "connections_request",
  title: "Request a connection",
  description: "Make a link by which a person authorises apps; no secret passes here.",
  access: "write",
  sources: ["api"],
  calls: ["POST /credential-requests/requests/v2"],
  input: {
    teamId: field.teamId,
    name: field.name("What the person sees"),
    provider: field
      .anyObject('Who authorises, such as {"email":"ada@example.com","name":"Ada"}')
      .optional(),
    credentials: z
      .array(
        z.object({
          appName,
          appModules: z.array(field.name("Module")).min(1).max(MAX_MODULES).describe("Modules"),
          appVersion: z.int().min(1).max(1_000).optional().describe("Version; absent, the latest"),
        }),
      )
      .min(1)
      .max(MAX_CREDENTIALS)
      .describe("What is needed"),
  },
  output: {
    request: field.row("What was made"),
    publicUri: z.string().optional().describe("For the person; whoever has it can answer"),
  },
  async run({ teamId, ...body }, make) {
    const { request, publicUri } = await make.write("POST /credential-requests/requests/v2", {
      body: { teamId: make.teamId(teamId), ...body },
    });
    return {
      request: { ...(typeof request === "object" ? request : {}) },
      ...(typeof publicUri === "string" && { publicUri }),
    };
  },
});

const connectionsDelete = tool({
  name: "connections_delete",
  title: "Delete a connection",
  description: "Delete a connection, after the scenarios that would break were shown.",
  access: "destroy",
  sources: ["api"],
  calls: [
    "GET /connections/{connectionId}",
    "GET /scenarios",
    "GET /scenarios/{scenarioId}/blueprint",
    "DELETE /connections/{connectionId}",
  ],
  scan: true,
  input: { connectionId, maxCalls: field.maxCalls },
  output: {
    deleted: field.row("The connection that was"),
    broken: field.rows("Scenarios that used it"),
  },
  async run({ connectionId, maxCalls }, make) {
    const path = { connectionId };
    const found = await make.get("GET /connections/{connectionId}", { path });
    const connection = showConnection(found, make.context.now());
    const broken = usersOf(await readUses(make, { maxCalls }), "connections", connectionId);
    make.confirmed({ wouldDelete: connection, wouldBreak: broken });
    await make.write("DELETE /connections/{connectionId}", { path });
    return { deleted: connection, broken };
  },
});

const hooksList = tool({
  name: "hooks_list",
  title: "List webhooks",
  description: "Webhooks and mailhooks of a team: state, scenario, how full the queue is.",
  access: "read",
  sources: ["api"],
  calls: ["GET /hooks"],
  input: {
    teamId: field.teamId,
    assigned: z.boolean().optional().describe("Only those with a scenario, or without"),
    minQueuePct: z.int().min(0).max(100).optional().describe("Only queues at least this full"),
    reveal: field.reveal,
  },
  output: { hooks: field.rows("Addresses are masked"), total: z.int().min(0).describe("Hooks") },
  async run({ teamId, assigned, minQueuePct, reveal }, make) {
    const query = { teamId: make.teamId(teamId), assigned };
    const wanted = (await make.all("GET /hooks", { query })).filter(
      (hook) =>
        (assigned === undefined || (hook.scenarioId != null) === assigned) &&
        (minQueuePct === undefined || (queuePercent(hook) ?? -1) >= minQueuePct),
    );
    const shows = make.reveals(reveal);
    return { hooks: wanted.map((hook) => showHook(hook, shows)), total: wanted.length };
  },
});

export const connections = [
  connectionsList,
  connectionsGet,
  connectionsVerify,
  connectionsRequest,
  connectionsDelete,
  hooksList,
];
