import { afterEach, describe, expect, it } from "vitest";
import { ToolError } from "#shared/core/errors.ts";
import type { RateBudget } from "#shared/make-api/budget.ts";
import {
  authorizationOf,
  createMakeApi,
  fillPath,
  MAX_RATE_RETRIES,
  type MakeApi,
} from "#shared/make-api/client.ts";
import { Refused } from "#shared/make-api/errors.ts";
import { zoneAddress } from "#shared/make-api/zone.ts";
import { STUB_TOKEN } from "../make-stub/denial.ts";
import { type MakeStub, type StubOptions, startMakeStub } from "../make-stub/stub.ts";

const toClose: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
});

/** A budget without a limit that counts what it was told. */
function countingBudget() {
  const seen = { taken: 0, done: 0, exhausted: 0 };
  const budget: RateBudget = {
    take: async () => {
      seen.taken += 1;
      return () => {
        seen.done += 1;
      };
    },
    exhausted: async () => {
      seen.exhausted += 1;
    },
    setLimit: async () => {},
    limit: async () => 240,
    close: async () => {},
  };
  return { budget, seen };
}

async function open(options: StubOptions = {}, token = STUB_TOKEN) {
  const stub: MakeStub = await startMakeStub(options);
  const { budget, seen } = countingBudget();
  const api: MakeApi = createMakeApi({ baseUrl: `${stub.url}/api/v2/`, token, budget });
  toClose.push(async () => {
    await api.close();
    await stub.close();
  });
  return { stub, api, seen };
}

const failure = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.fail("it did not fail"),
    (error: unknown) => error,
  );

describe("an answer", () => {
  it("comes out of its envelope, counters as numbers", async () => {
    const { api } = await open();
    const path = { organizationId: 101 };
    const organization = await api.call("GET /organizations/{organizationId}", { path });
    expect(organization).toMatchObject({
      centicreditsConsumed: 2_305_000,
      unusedOperations: 6_950,
    });
  });

  it("that prints one thing where a list should be is a list of one", async () => {
    const { api } = await open({
      intercept: () => ({ body: { teamVariables: { name: "A", value: 1 } } }),
    });
    const path = { teamId: 201 };
    expect(await api.call("GET /teams/{teamId}/variables", { path })).toEqual([
      { name: "A", value: 1 },
    ]);
  });

  it.each([
    ["another envelope", { scenario: [] }],
    ["a list for an object", []],
    ["nothing", null],
    ["a field that is no counter", { teams: [{ id: 1, name: "x", consumedOperations: "many" }] }],
  ])("of another shape is an error that names the endpoint: %s", async (_, body) => {
    const { api } = await open({ intercept: () => ({ body }) });
    const error = await failure(api.call("GET /teams", { query: { organizationId: 101 } }));
    expect(error).toBeInstanceOf(ToolError);
    expect(error).toMatchObject({ code: "API_ERROR", details: { endpoint: "GET /teams" } });
  });

  it("that is no JSON is an error", async () => {
    const { api } = await open({ intercept: () => ({ body: "<html>" }) });
    expect(await failure(api.call("GET /teams"))).toMatchObject({ code: "API_ERROR" });
  });
});

describe("what Make refuses", () => {
  it.each([
    [{ scopes: ["teams:read"] }, "scope", "scenarios:read"],
    [{ plan: "Core" as const }, "plan", "Teams or Enterprise"],
    [{ role: "member" as const }, "role", "organisation Admin or Owner"],
  ])("%j is told with its need", async (options, reason, need) => {
    const { api } = await open(options);
    const key =
      reason === "scope" ? "GET /scenarios" : "GET /audit-logs/organization/{organizationId}";
    const call = { path: { organizationId: 101 }, query: { organizationId: 101 } };
    const error = await failure(api.call(key, reason === "scope" ? { query: call.query } : call));
    expect(error).toBeInstanceOf(Refused);
    expect(error).toMatchObject({ refusal: { reason, need, endpoint: key } });
  });

  it("is told with Make's code and its sub-errors", async () => {
    const { api } = await open();
    expect(await failure(api.call("GET /scenarios"))).toMatchObject({
      code: "VALIDATION_ERROR",
      details: { makeCode: "SC400", status: 400, suberrors: [{ name: "teamId" }] },
    });
  });

  it("a token that is wrong is no refusal but an error, and is not in it", async () => {
    const token = "0a0b0c0d-1111-4222-8333-444455556666";
    const { api } = await open({}, token);
    const error = await failure(api.call("GET /users/me"));
    expect(error).toMatchObject({ code: "PERMISSION_DENIED" });
    expect(JSON.stringify(error) + String(error)).not.toContain(token);
  });

  it("a deletion is confirmed on the wire, or Make would answer 406 IM004", async () => {
    const { api, stub } = await open();
    await api.call("DELETE /connections/{connectionId}", { path: { connectionId: 6006 } });
    expect(stub.requests).toEqual(["DELETE /connections/6006?confirmed=true"]);
  });
});

describe("what passes", () => {
  const failing = (times: number, status: number) => {
    let left = times;
    return () => (left-- > 0 ? { status, body: { message: "not now" } } : undefined);
  };

  it.each([500, 502, 503, 429])("is tried again for GET: %i", async (status) => {
    const { api, stub, seen } = await open({ intercept: failing(2, status) });
    await api.call("GET /users/me");
    expect(stub.requests).toHaveLength(3);
    expect(seen).toEqual({ taken: 3, done: 3, exhausted: status === 429 ? 2 : 0 });
  });

  it("is not tried for ever", async () => {
    const { api, stub } = await open({ intercept: failing(9, 503) });
    expect(await failure(api.call("GET /users/me"))).toMatchObject({ details: { status: 503 } });
    expect(stub.requests).toHaveLength(3);
  });

  it("a limit that stays is told to the budget each time", async () => {
    const { api, seen } = await open({ intercept: failing(9, 429) });
    expect(await failure(api.call("GET /users/me"))).toMatchObject({ code: "RATE_LIMITED" });
    const tries = 1 + MAX_RATE_RETRIES;
    expect(seen).toEqual({ taken: tries, done: tries, exhausted: tries });
  });

  it.each([503, 429])("is not tried again for what changes something: %i", async (status) => {
    const { api, stub, seen } = await open({ intercept: failing(1, status) });
    const path = { scenarioId: 4001 };
    await failure(api.call("POST /scenarios/{scenarioId}/start", { path }));
    expect(stub.requests).toHaveLength(1);
    expect(seen).toEqual({ taken: 1, done: 1, exhausted: status === 429 ? 1 : 0 });
  });

  it("a 404 is not tried again", async () => {
    const { api, stub } = await open();
    await failure(api.call("GET /scenarios/{scenarioId}", { path: { scenarioId: 1 } }));
    expect(stub.requests).toHaveLength(1);
  });
});

it("a caller who leaves ends the request", async () => {
  const { api } = await open();
  const signal = AbortSignal.abort();
  expect(await failure(api.call("GET /users/me", { signal }))).toMatchObject({
    name: expect.any(String),
  });
});

it("a value of a path is one segment, and none is missing", () => {
  const key = "GET /templates/public/{templateUrl}";
  expect(fillPath(key, { templateUrl: "a/../b?c" })).toEqual([
    "GET",
    "templates/public/a%2F..%2Fb%3Fc",
  ]);
  for (const templateUrl of ["", ".", ".."])
    expect(() => fillPath(key, { templateUrl })).toThrow("templateUrl");
  expect(() => fillPath(key, {})).toThrow("templateUrl");
});

it("an API key goes as Token, an OAuth token as Bearer", () => {
  expect(authorizationOf(STUB_TOKEN)).toBe(`Token ${STUB_TOKEN}`);
  expect(authorizationOf("eyJ.abc")).toBe("Bearer eyJ.abc");
  expect(authorizationOf(STUB_TOKEN.replace("-4d3f-", "-1d3f-"))).toMatch(/^Bearer /);
});

it.each([
  ["eu1.make.com", "https://eu1.make.com/api/v2/"],
  ["us1.make.celonis.com", "https://us1.make.celonis.com/api/v2/"],
  ["https://make.example.com", "https://make.example.com/api/v2/"],
  ["http://127.0.0.1:8080", "http://127.0.0.1:8080/api/v2/"],
  ["eu9.make.com", undefined],
  ["eu1.make.com.evil.example", undefined],
  ["http://make.example.com", undefined],
  ["ftp://127.0.0.1", undefined],
])("zone %s is at %s", (zone, address) => {
  expect(zoneAddress(zone)).toBe(address);
});
