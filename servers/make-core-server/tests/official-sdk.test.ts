import { Make } from "@makehq/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RateBudget } from "#shared/make-api/budget.ts";
import { type CallOptions, createMakeApi, type MakeApi } from "#shared/make-api/client.ts";
import { type EndpointKey, endpoints } from "#shared/make-api/endpoints.ts";
import { scenarioBody } from "#shared/make-api/scenario-body.ts";
import { STUB_TOKEN } from "./shared/make-stub/denial.ts";
import { type MakeStub, type StubRequest, startMakeStub } from "./shared/make-stub/stub.ts";

/** Nothing is counted here. */
const budget: RateBudget = {
  take: async () => () => {},
  exhausted: async () => {},
  setLimit: async () => {},
  limit: async () => 240,
  close: async () => {},
};

let stub: MakeStub;
let api: MakeApi;
let make: Make;

beforeAll(async () => {
  stub = await startMakeStub({ plan: "Enterprise" });
  api = createMakeApi({ baseUrl: `${stub.url}/api/v2/`, token: STUB_TOKEN, budget });
  make = new Make(STUB_TOKEN, new URL(stub.url).host);
  make.protocol = "http";
});
afterAll(async () => {
  await api.close();
  await stub.close();
});

const app = { appName: "custom-app-7xpqrg", appVersion: 1 };
const execution = { scenarioId: 4001, executionId: "92b125fabd218accea958fcdc3f4e7b4" };
const inputs = { input: [{ name: "a", type: "text" }], output: [] };
const blueprint = {
  name: "New",
  flow: [{ id: 1, module: "util:SetVariable2" }],
  interface: inputs,
};
const scheduling = { type: "on-demand" };

type Case = [EndpointKey, CallOptions, () => Promise<unknown>];

/** What both read: our row of the endpoint table, and the method of the official client. */
const reads: Case[] = [
  ["GET /users/me", {}, () => make.users.me()],
  ["GET /users/me/current-authorization", {}, () => make.users.currentAuthorization()],
  ["GET /users/roles", {}, () => make.roles.list()],
  ["GET /users/roles/permissions", {}, () => make.roles.permissions()],
  ["GET /organizations", {}, () => make.organizations.list()],
  [
    "GET /organizations/{organizationId}",
    { path: { organizationId: 101 } },
    () => make.organizations.get(101),
  ],
  [
    "GET /teams",
    { query: { organizationId: 101, "cols[]": ["consumedOperations"] } },
    () => make.teams.list(101, { cols: ["consumedOperations" as never] }),
  ],
  ["GET /scenarios", { query: { teamId: 201 } }, () => make.scenarios.list(201)],
  [
    "GET /scenarios",
    { query: { organizationId: 101 } },
    () => make.scenarios.listInOrganization(101),
  ],
  ["GET /scenarios/{scenarioId}", { path: { scenarioId: 4001 } }, () => make.scenarios.get(4001)],
  [
    "GET /scenarios/{scenarioId}/interface",
    { path: { scenarioId: 4001 } },
    () => make.scenarios.getInterface(4001),
  ],
  [
    "GET /scenarios/{scenarioId}/blueprints",
    { path: { scenarioId: 4001 } },
    () => make.blueprints.versions(4001),
  ],
  [
    "GET /scenarios/{scenarioId}/logs",
    { path: { scenarioId: 4001 } },
    () => make.executions.list(4001),
  ],
  [
    "GET /scenarios/{scenarioId}/executions/{executionId}",
    { path: execution },
    () => make.executions.getDetail(4001, execution.executionId),
  ],
  ["GET /scenarios-folders", { query: { teamId: 201 } }, () => make.folders.list(201)],
  ["GET /connections", { query: { teamId: 201 } }, () => make.connections.list(201)],
  [
    "GET /connections/{connectionId}",
    { path: { connectionId: 6003 } },
    () => make.connections.get(6003),
  ],
  ["GET /keys", { query: { teamId: 202 } }, () => make.keys.list(202)],
  ["GET /keys/{keyId}", { path: { keyId: 8001 } }, () => make.keys.get(8001)],
  ["GET /hooks", { query: { teamId: 201 } }, () => make.hooks.list(201)],
  ["GET /hooks/{hookId}", { path: { hookId: 7001 } }, () => make.hooks.get(7001)],
  ["GET /dlqs", { query: { scenarioId: 4005 } }, () => make.incompleteExecutions.list(4005)],
  ["GET /data-stores", { query: { teamId: 201 } }, () => make.dataStores.list(201)],
  ["GET /data-structures", { query: { teamId: 201 } }, () => make.dataStructures.list(201)],
  ["GET /functions", { query: { teamId: 201 } }, () => make.functions.list(201)],
  ["GET /functions/{functionId}", { path: { functionId: 31 } }, () => make.functions.get(31)],
  ["GET /templates/public", {}, () => make.publicTemplates.list()],
  [
    "GET /templates/public/{templateUrl}",
    { path: { templateUrl: "302-new-leads-to-slack" } },
    () => make.publicTemplates.get("302-new-leads-to-slack"),
  ],
  [
    "GET /templates/public/{templateUrl}/blueprint",
    { path: { templateUrl: "302-new-leads-to-slack" } },
    () => make.publicTemplates.getBlueprint("302-new-leads-to-slack"),
  ],
  [
    "GET /credential-requests/requests",
    { query: { teamId: 202 } },
    () => make.credentialRequests.list(202),
  ],
  [
    "GET /credential-requests/apps/{appName}/{appVersion}/modules-with-credentials",
    { path: { appName: "slack", appVersion: 4 } },
    () => make.credentialRequests.listAppModulesWithCredentials("slack", 4),
  ],
  ["GET /sdk/apps", {}, () => make.sdk.apps.list()],
  ["GET /sdk/apps/{appName}/{appVersion}", { path: app }, () => make.sdk.apps.get(app.appName, 1)],
  [
    "GET /sdk/apps/{appName}/{appVersion}/{section}",
    { path: { ...app, section: "base" } },
    () => make.sdk.apps.getSection(app.appName, 1, "base"),
  ],
  [
    "GET /sdk/apps/{appName}/{appVersion}/modules",
    { path: app },
    () => make.sdk.modules.list(app.appName, 1),
  ],
  [
    "GET /sdk/apps/{appName}/{appVersion}/modules/{partName}/{section}",
    { path: { ...app, partName: "getInvoice", section: "api" } },
    () => make.sdk.modules.getSection(app.appName, 1, "getInvoice", "api"),
  ],
  [
    "GET /sdk/apps/{appName}/{appVersion}/rpcs",
    { path: app },
    () => make.sdk.rpcs.list(app.appName, 1),
  ],
  [
    "GET /sdk/apps/{appName}/{appVersion}/rpcs/{partName}/{section}",
    { path: { ...app, partName: "listCustomers", section: "api" } },
    () => make.sdk.rpcs.getSection(app.appName, 1, "listCustomers", "api"),
  ],
  [
    "GET /sdk/apps/{appName}/{appVersion}/functions",
    { path: app },
    () => make.sdk.functions.list(app.appName, 1),
  ],
  [
    "GET /sdk/apps/{appName}/{appVersion}/functions/{partName}/{section}",
    { path: { ...app, partName: "toCents", section: "code" } },
    () => make.sdk.functions.getCode(app.appName, 1, "toCents"),
  ],
  [
    "GET /sdk/apps/{appName}/connections",
    { path: app },
    () => make.sdk.connections.list(app.appName),
  ],
  [
    "GET /sdk/apps/connections/{partName}/{section}",
    { path: { partName: app.appName, section: "api" } },
    () => make.sdk.connections.getSection(app.appName, "api"),
  ],
  ["GET /sdk/apps/{appName}/webhooks", { path: app }, () => make.sdk.webhooks.list(app.appName)],
  [
    "GET /sdk/apps/webhooks/{partName}/{section}",
    { path: { partName: app.appName, section: "attach" } },
    () => make.sdk.webhooks.getSection(app.appName, "attach"),
  ],
];

describe("the official client reads what ours reads", () => {
  it.each(reads)("%s %j", async (key, options, ask) => {
    const [ours, theirs] = [await api.call(key, options), await ask()];
    // theirs are as Make sent them: counters as strings, days as DD-MM-YYYY
    expect(ours).toEqual(endpoints[key].schema.parse(theirs));
  });

  it("GET /scenarios/{scenarioId}/blueprint, of which the official client makes one object", async () => {
    const path = { scenarioId: 4010 };
    const { blueprint, scheduling } = await api.call("GET /scenarios/{scenarioId}/blueprint", {
      path,
    });
    expect(await make.blueprints.get(4010)).toMatchObject({ ...blueprint, scheduling });
  });
});

/** What both change. */
const changes: Case[] = [
  [
    "POST /scenarios",
    { body: { teamId: 201, ...scenarioBody({ blueprint, scheduling }) } },
    () =>
      make.scenarios.create({
        teamId: 201,
        blueprint: blueprint as never,
        scheduling: scheduling as never,
      }),
  ],
  [
    "PATCH /scenarios/{scenarioId}",
    {
      path: { scenarioId: 4003 },
      body: { name: "Other", ...scenarioBody({ blueprint, scheduling }) },
    },
    () =>
      make.scenarios.update(4003, {
        name: "Other",
        blueprint: blueprint as never,
        scheduling: scheduling as never,
      }),
  ],
  [
    "POST /scenarios/{scenarioId}/start",
    { path: { scenarioId: 4004 } },
    () => make.scenarios.activate(4004),
  ],
  [
    "POST /scenarios/{scenarioId}/stop",
    { path: { scenarioId: 4004 } },
    () => make.scenarios.deactivate(4004),
  ],
  [
    "POST /scenarios/{scenarioId}/run",
    { path: { scenarioId: 4009 }, body: { data: { a: 1 }, responsive: true } },
    () => make.scenarios.run(4009, { a: 1 }),
  ],
  [
    "POST /scenarios-folders",
    { body: { name: "F", teamId: 201 } },
    () => make.folders.create({ name: "F", teamId: 201 }),
  ],
  [
    "PATCH /scenarios-folders/{folderId}",
    { path: { folderId: 501 }, body: { name: "G" } },
    () => make.folders.update(501, { name: "G" }),
  ],
  [
    "PATCH /connections/{connectionId}",
    { path: { connectionId: 6001 }, body: { name: "H" } },
    () => make.connections.rename(6001, "H"),
  ],
  [
    "POST /connections/{connectionId}/test",
    { path: { connectionId: 6001 } },
    () => make.connections.verify(6001),
  ],
  [
    "PATCH /hooks/{hookId}",
    { path: { hookId: 7001 }, body: { name: "I" } },
    () => make.hooks.rename(7001, "I"),
  ],
  [
    "PATCH /keys/{keyId}",
    { path: { keyId: 8001 }, body: { name: "J" } },
    () => make.keys.update(8001, { name: "J" }),
  ],
  [
    "POST /functions/eval",
    { query: { teamId: 201 }, body: { code: "x" } },
    () => make.functions.check(201, "x"),
  ],
  [
    "POST /sdk/apps/{appName}/{appVersion}/public",
    { path: app },
    () => make.sdk.apps.makePublic(app.appName, 1),
  ],
  [
    "POST /sdk/apps/{appName}/{appVersion}/private",
    { path: app },
    () => make.sdk.apps.makePrivate(app.appName, 1),
  ],
  [
    "PUT /sdk/apps/{appName}/{appVersion}/{section}",
    { path: { ...app, section: "groups" }, body: "[]", contentType: "application/jsonc" },
    () => make.sdk.apps.setSection(app.appName, 1, "groups", "[]" as never),
  ],
];

describe("the official client sends what ours sends", () => {
  const sent = ({ method, path, query, body }: StubRequest) => ({
    method,
    path,
    query: [...query].sort(),
    body,
  });

  it.each(changes)("%s %j", async (key, options, ask) => {
    const before = stub.writes.length;
    await api.call(key, options);
    await ask();
    const [ours, theirs] = stub.writes.slice(before).map(sent);
    expect(ours).toEqual(theirs);
  });

  it.each<[EndpointKey, CallOptions["path"], () => Promise<unknown>]>([
    [
      "DELETE /connections/{connectionId}",
      { connectionId: 6005 },
      () => make.connections.delete(6006),
    ],
    ["DELETE /scenarios/{scenarioId}", { scenarioId: 4011 }, () => make.scenarios.delete(4012)],
    ["DELETE /scenarios-folders/{folderId}", { folderId: 502 }, () => make.folders.delete(503)],
  ])("%s, each of another thing", async (key, path, ask) => {
    const before = stub.writes.length;
    await api.call(key, { path });
    await ask();
    const [ours, theirs] = stub.writes
      .slice(before)
      .map((one) => [one.method, one.path.replace(/\d+$/, ""), one.query.toString()]);
    expect(ours).toEqual(theirs);
  });
});

it("both tell the same refusals apart", async () => {
  const refused = await startMakeStub({ plan: "Core" });
  try {
    const other = new Make(STUB_TOKEN, new URL(refused.url).host);
    other.protocol = "http";
    await expect(other.functions.list(201)).rejects.toMatchObject({ statusCode: 402 });
    const ours = createMakeApi({ baseUrl: `${refused.url}/api/v2/`, token: STUB_TOKEN, budget });
    await expect(ours.call("GET /functions", { query: { teamId: 201 } })).rejects.toMatchObject({
      refusal: { reason: "plan" },
    });
    await ours.close();
  } finally {
    await refused.close();
  }
});
