import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import * as field from "#shared/make-api/fields.ts";
import { listTeams } from "#shared/make-api/scan.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import type { CoreConfig } from "../config.ts";
import { showConnection } from "../domain/connection.ts";
import { toSarif } from "../domain/sarif.ts";
import { scanForSecrets } from "../domain/secret-scan.ts";
import { readUses, usersOf } from "../domain/using.ts";

const tool = toolsOf("enterprise-secrets");

const MAX_DAYS = 3_650;
const scanning = ["GET /scenarios", "GET /scenarios/{scenarioId}/blueprint", "GET /teams"] as const;

const keysList = tool({
  name: "keys_list",
  title: "List keys",
  description:
    "Keys of a team by name and type, never their values; with usage, the scenarios that use each.",
  access: "read",
  sources: ["api"],
  calls: ["GET /keys", "GET /scenarios", "GET /scenarios/{scenarioId}/blueprint"],
  scan: true,
  input: {
    teamId: field.teamId,
    typeName: field.name('Type, such as "apikeyauth"').optional(),
    withUsage: z.boolean().default(false).describe("Read the blueprints of the organisation too"),
    maxCalls: field.maxCalls,
  },
  output: { keys: field.rows("Keys"), total: z.int().min(0).describe("Keys") },
  async run({ teamId, typeName, withUsage, maxCalls }, make) {
    const all = await make.all("GET /keys", { query: { teamId: make.teamId(teamId), typeName } });
    const wanted = all.filter((key) => typeName === undefined || key.typeName === typeName);
    const uses = withUsage ? await readUses(make, { maxCalls }) : undefined;
    const keys = wanted.map(({ id, name, typeName, teamId }) => ({
      id,
      name,
      typeName: typeName ?? null,
      teamId: teamId ?? null,
      ...(uses && { usedBy: usersOf(uses, "keys", id) }),
    }));
    return { keys, total: keys.length };
  },
});

const keysRotate = tool({
  name: "keys_rotate",
  title: "Replace the value of a key",
  description:
    "Put the value of MAKE_KEY_VALUE_<NAME> of this server's environment into a key. A value never passes through the call.",
  access: "destroy",
  sources: ["api"],
  calls: ["GET /keys/{keyId}", "PATCH /keys/{keyId}"],
  input: {
    keyId: field.idOf("Key"),
    fromEnv: field.name("NAME of MAKE_KEY_VALUE_<NAME>"),
    parameter: field
      .name("Parameter that holds the value, as the type of the key has it")
      .default("key"),
  },
  output: { key: field.row("The key, without its value"), rotated: z.boolean().describe("Done") },
  async run({ keyId, fromEnv, parameter }, make) {
    const { MAKE_KEY_VALUE_NAME: values } = make.context.config as unknown as CoreConfig;
    const value = values[fromEnv.toLowerCase()];
    if (value === undefined)
      throw new ToolError(
        "CONFIG_ERROR",
        `MAKE_KEY_VALUE_${fromEnv.toUpperCase()} is not set: the operator puts the new value there and starts the server again.`,
        { details: { variable: `MAKE_KEY_VALUE_${fromEnv.toUpperCase()}` } },
      );
    const path = { keyId };
    const { id, name, typeName } = await make.get("GET /keys/{keyId}", { path });
    const key = { id, name, typeName: typeName ?? null };
    make.confirmed({
      wouldReplaceValueOf: key,
      parameter,
      from: `MAKE_KEY_VALUE_${fromEnv.toUpperCase()}`,
    });
    await make.write("PATCH /keys/{keyId}", { path, body: { parameters: { [parameter]: value } } });
    return { key, rotated: true };
  },
});

const secretsScan = tool({
  name: "secrets_scan",
  title: "Look for secrets",
  description:
    "Secrets that are written out in blueprints, variables and custom functions, by name, known form and randomness; shown masked.",
  access: "read",
  sources: ["api", "computed"],
  calls: [
    ...scanning,
    "GET /scenarios/{scenarioId}",
    "GET /organizations/{organizationId}/variables",
    "GET /teams/{teamId}/variables",
    "GET /functions",
    "GET /functions/{functionId}",
  ],
  scan: true,
  input: {
    organizationId: field.organizationId,
    teamId: field.onlyTeam,
    scenarioIds: field.scenarioIds.optional(),
    sarif: z.boolean().default(false).describe("Also as SARIF 2.1.0"),
    maxCalls: field.maxCalls,
  },
  output: {
    findings: field.rows("Where, rule, masked"),
    scanned: field.row("Scenarios, variables, functions that were read"),
    sarif: field.row("SARIF 2.1.0").optional(),
  },
  async run({ sarif, ...where }, make) {
    const { findings, scanned } = await scanForSecrets(make, where);
    return { findings, scanned, ...(sarif && { sarif: toSarif(findings) }) };
  },
});

const secretsExpiry = tool({
  name: "secrets_expiry",
  title: "Expiring connections",
  description: "Connections of the organisation that expired, or will within some days, by owner.",
  access: "read",
  sources: ["api", "computed"],
  calls: ["GET /teams", "GET /connections", "GET /users"],
  input: {
    organizationId: field.organizationId,
    days: z.int().min(0).max(MAX_DAYS).default(30).describe("Ahead"),
  },
  output: {
    expired: field.rows("Longest ago first"),
    expiring: field.rows("Soonest first"),
    checked: z.int().min(0).describe("Connections looked at"),
  },
  async run({ days, ...input }, make) {
    const organizationId = await make.organizationId(input.organizationId);
    const users = await make.optional("names of owners", () =>
      make.all("GET /users", { query: { organizationId } }),
    );
    const ownerOf = new Map(users?.map(({ id, name, email }) => [id, { id, name, email }]));
    const all = [];
    for (const team of await listTeams(make, { organizationId }))
      for (const each of await make.all("GET /connections", { query: { teamId: team.id } }))
        all.push({
          ...showConnection(each, make.context.now()),
          team: team.name,
          owner: ownerOf.get(each.authorId ?? 0) ?? null,
        });
    const dated = all
      .filter(({ expire }) => expire !== null)
      .sort((a, b) => Date.parse(a.expire ?? "") - Date.parse(b.expire ?? "") || a.id - b.id);
    return {
      expired: dated.filter(({ expired }) => expired),
      expiring: dated.filter(
        ({ expired, expiresInDays }) => !expired && (expiresInDays ?? 0) <= days,
      ),
      checked: all.length,
    };
  },
});

const credentialRequestsList = tool({
  name: "credential_requests_list",
  title: "List credential requests",
  description: "Requests to authorise connections: open, answered, declined, expired.",
  access: "read",
  sources: ["api"],
  calls: ["GET /credential-requests/requests"],
  input: {
    teamId: field.teamId,
    status: field.name('Only these, such as "pending"').optional(),
    reveal: field.reveal,
  },
  output: { requests: field.rows("Requests"), total: z.int().min(0).describe("Requests") },
  async run({ teamId, status, reveal }, make) {
    const query = { teamId: make.teamId(teamId), status };
    const all = await make.all("GET /credential-requests/requests", { query });
    const wanted = all.filter((each) => status === undefined || each.status === status);
    const shows = make.reveals(reveal);
    // whoever has the link can answer the request
    const requests = wanted.map(({ publicUri, ...rest }) => ({
      ...rest,
      ...(publicUri !== undefined && { publicUri: shows ? publicUri : "****" }),
    }));
    return { requests, total: requests.length };
  },
});

export const enterpriseSecrets = [
  keysList,
  keysRotate,
  secretsScan,
  secretsExpiry,
  credentialRequestsList,
];
