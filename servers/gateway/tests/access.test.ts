import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FAILED_RULE } from "../src/access/access.ts";
import { ensureBuilt } from "./shared/testing/build.ts";
import { ERAS } from "./shared/testing/messages.ts";
import {
  addKey,
  bearer,
  type Guarded,
  rpc,
  saidBy,
  send,
  startGuarded,
  toolNames,
} from "./support/access.ts";

const see = { name: "see", arguments: {} };
const profiles = { find: { search: true }, reading: { readOnly: true } };

let guarded: Guarded;
let narrow = "";
let whole = "";
let basic = "";
let tokens: string[] = [];
beforeAll(async () => {
  await ensureBuilt();
  guarded = await startGuarded({
    gateway: {
      access: { keys: "gateway-keys.json", deployment: "deployment-config.json" },
      limits: false,
      profiles,
    },
    prepare: async (root) => {
      await writeFile(
        join(root, "deployment-config.json"),
        JSON.stringify({
          tiers: {
            basic: { servers: ["alpha-server"] },
            all: { servers: ["alpha-server", "beta-server"] },
          },
          clients: {
            "client-a": { tier: "basic" },
            "client-b": { tier: "all" },
            "client-c": { tier: "basic", overrides: { "beta-server": {}, "alpha-server": false } },
          },
        }),
      );
      narrow = addKey(root, "narrow", "--scope", "alpha:see");
      whole = addKey(root, "whole", "--scope", "*");
      basic = addKey(root, "basic", "--client", "client-a");
      tokens = ["client-b", "client-c", "client-none"].map((client) =>
        addKey(root, client, "--client", client),
      );
    },
  });
}, 60_000);
afterAll(() => guarded.stop());

const gateway = () => guarded.gateway;

it("OpenAPI says what a request proves itself by", async () => {
  const { json } = await send(gateway(), "/openapi.json", { headers: bearer(whole) });
  expect(json).toMatchObject({ security: [{ bearer: [] }, { apiKey: [] }] });
});

describe("without a credential", () => {
  it.each([
    ["POST", "/mcp"],
    ["POST", "/alpha/mcp"],
    ["POST", "/nothing/mcp"],
    ["POST", "/p/find/mcp"],
    ["GET", "/alpha/tools"],
    ["POST", "/alpha/tools/see"],
    ["GET", "/"],
    ["GET", "/openapi.json"],
    ["GET", "/alpha/openapi.json"],
    ["GET", "/metrics"],
    ["GET", "/load"],
    ["GET", "/admin/api/state"],
    ["GET", "/admin/api/stream"],
    ["POST", "/admin/api/actions"],
    ["GET", "/nothing"],
  ])(
    "%s %s is refused, with a challenge and without a word of what is there",
    async (method, path) => {
      const answer = await send(gateway(), path, {
        method,
        ...(method === "POST" && { body: "{}" }),
      });
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="gateway"');
      expect(answer.text).not.toMatch(/alpha|beta/);
    },
  );

  it.each(["/health", "/ready", "/docs", "/redoc"])(
    "%s is answered, and names no server",
    async (path) => {
      const answer = await send(gateway(), path);
      expect(answer.status).toBe(200);
      expect(answer.text).not.toMatch(/alpha|beta/);
    },
  );
});

it.each([
  ["a wrong secret", () => `${whole.slice(0, -1)}${whole.endsWith("A") ? "B" : "A"}`],
  ["an unknown key", () => `gw_000000000000_${"A".repeat(43)}`],
  ["no key", () => "secret"],
])("%s is refused", async (_, credential) => {
  const answer = await rpc(gateway(), "/alpha/mcp", credential(), "tools/list");
  expect(answer.status).toBe(401);
  expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
});

it("takes a key as a bearer token and as X-API-Key, and not from the address", async () => {
  const list = (headers: object, query = "") =>
    rpc(gateway(), `/alpha/mcp${query}`, undefined, "tools/list", {}, { headers });
  expect((await list(bearer(whole))).status).toBe(200);
  expect((await list({ authorization: `bearer  ${whole} ` })).status).toBe(200);
  expect((await list({ "x-api-key": whole })).status).toBe(200);
  expect((await list({}, `?api_key=${whole}`)).status).toBe(401);
  expect((await list({ authorization: `Basic ${whole}` })).status).toBe(401);
});

describe.each(ERAS)("what a key has no scope for is as if it were not there (%s)", (era) => {
  const shape = (text: string, ...names: string[]) =>
    names.reduce((all, name) => all.replaceAll(name, "NAME"), text);
  const ask = (path: string, key: string, method: string, params: object = {}) =>
    rpc(gateway(), path, key, method, { ...params }, { era });

  it("in the lists, of one server and of all", async () => {
    expect(toolNames(await ask("/alpha/mcp", narrow, "tools/list"))).toEqual(["see"]);
    expect(toolNames(await ask("/mcp", narrow, "tools/list"))).toEqual(["alpha__see"]);
    expect(toolNames(await ask("/p/reading/mcp", narrow, "tools/list"))).toEqual(["alpha__see"]);
    expect(toolNames(await ask("/mcp", whole, "tools/list"))).toHaveLength(10);
  });

  it("when it is called by its name", async () => {
    const call = (path: string, name: string) =>
      ask(path, narrow, "tools/call", { name, arguments: {} });
    for (const [path, hidden, unknown] of [
      ["/alpha/mcp", "fail", "none"],
      ["/mcp", "alpha__fail", "alpha__none"],
      ["/mcp", "beta__see", "gamma__see"],
      ["/p/find/mcp", "beta__see", "gamma__see"],
    ] as const) {
      const [one, other] = [await call(path, hidden), await call(path, unknown)];
      expect(one.status).toBe(other.status);
      expect(shape(one.text, hidden)).toBe(shape(other.text, unknown));
    }
    expect((await call("/alpha/mcp", "see")).json.result).toBeDefined();
  });

  it("also a whole server", async () => {
    const [hidden, unknown] = [
      await ask("/beta/mcp", narrow, "tools/list"),
      await ask("/gamma/mcp", narrow, "tools/list"),
    ];
    expect([hidden.status, shape(hidden.text, "beta")]).toEqual([
      404,
      shape(unknown.text, "gamma"),
    ]);
  });

  it("prompts and resources belong to those who have all of a server", async () => {
    expect((await ask("/alpha/mcp", narrow, "resources/list")).json.result.resources).toEqual([]);
    expect((await ask("/alpha/mcp", narrow, "prompts/list")).json.result.prompts).toEqual([]);
    const [hidden, unknown] = [
      await ask("/alpha/mcp", narrow, "resources/read", { uri: "note://one" }),
      await ask("/alpha/mcp", narrow, "resources/read", { uri: "note://two" }),
    ];
    expect(shape(hidden.text, "note://one")).toBe(shape(unknown.text, "note://two"));
    const whole_ = await ask("/alpha/mcp", whole, "resources/read", { uri: "note://one" });
    expect(whole_.json.result.contents[0].text).toBe("a note");
  });
});

describe("over REST and in the documents", () => {
  const as = (key: string, path: string, method = "GET") =>
    send(gateway(), path, { method, headers: bearer(key) });

  it("hidden tools and servers are unknown", async () => {
    expect((await as(narrow, "/alpha/tools")).json.tools).toHaveLength(1);
    expect((await as(narrow, "/alpha/tools/see", "POST")).status).toBe(200);
    for (const path of ["/alpha/tools/fail", "/beta/tools/see"]) {
      const hidden = await as(narrow, path, "POST");
      expect(hidden.status).toBe(404);
      const unknown = await as(
        narrow,
        path.replace("fail", "fial").replace("beta", "btea"),
        "POST",
      );
      const same = (text: string) => text.replaceAll(/fail|fial|beta|btea/g, "NAME");
      expect(same(hidden.text)).toBe(same(unknown.text));
    }
  });

  it("the index, OpenAPI and what they call each are the viewer's own", async () => {
    expect((await as(narrow, "/")).json.servers).toMatchObject([{ name: "alpha", tools: 1 }]);
    const document = await as(narrow, "/openapi.json");
    expect(Object.keys(document.json.paths)).toEqual(["/alpha/tools", "/alpha/tools/see"]);
    expect(document.headers.get("cache-control")).toContain("private");
    const other = await as(whole, "/openapi.json");
    expect(Object.keys(other.json.paths)).toHaveLength(12);
    expect(other.headers.get("etag")).not.toBe(document.headers.get("etag"));
    expect((await as(narrow, "/beta/openapi.json")).status).toBe(404);
    expect((await as(narrow, "/nothing")).text).not.toContain("beta");
  });

  it("metrics and state are of operators", async () => {
    for (const path of ["/metrics", "/load", "/admin/api/state", "/admin/api/stream"])
      expect((await as(whole, path)).status, path).toBe(403);
    const metrics = addKey(guarded.root, "prometheus", "--scope", "metrics");
    const admin = addKey(guarded.root, "operator", "--scope", "admin");
    await expect.poll(async () => (await as(metrics, "/metrics")).status).toBe(200);
    expect((await as(metrics, "/admin/api/state")).status).toBe(403);
    expect((await as(admin, "/admin/api/state")).status).toBe(200);
    expect((await as(admin, "/metrics")).status).toBe(200);
    expect((await as(admin, "/alpha/tools")).status, "an operator is no user").toBe(404);
  });
});

it("search neither finds, describes nor calls what is hidden", async () => {
  const call = (name: string, given: object) =>
    rpc(gateway(), "/p/find/mcp", narrow, "tools/call", { name, arguments: given });
  const found = await call("search_tools", { query: "see fail beta", limit: 50 });
  expect(saidBy(found).tools.map(({ name }: { name: string }) => name)).toEqual(["alpha__see"]);
  for (const tool of ["describe_tool", "call_tool"]) {
    const [hidden, none] = await Promise.all(
      ["beta__see", "beta__saw"].map(async (name) => {
        const { text } = await call(tool, { name });
        return text.replaceAll(name, "").replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "");
      }),
    );
    expect(hidden).toContain("There is no tool");
    expect(hidden).toBe(none);
  }
  expect(saidBy(await call("call_tool", { name: "alpha__see" })).principal.scopes).toEqual([
    "alpha:see",
  ]);
});

it("a client has the servers of its tier, and what is changed for it", async () => {
  const servers = async (key: string) =>
    (await send(gateway(), "/", { headers: bearer(key) })).json.servers.map(
      ({ name }: { name: string }) => name,
    );
  const [b = "", c = "", none = ""] = tokens;
  expect(await servers(basic)).toEqual(["alpha"]);
  expect(await servers(b)).toEqual(["alpha", "beta"]);
  expect(await servers(c)).toEqual(["beta"]);
  expect(await servers(none)).toEqual([]);
  const said = gateway()
    .stderr.text()
    .match(/lets through nothing: .* client .*/g);
  expect(said, "the operator is told of one that has none").toEqual([
    expect.stringMatching(/"client-none\\", which has no tier/),
  ]);
  expect((await rpc(gateway(), "/beta/mcp", basic, "tools/call", see)).status).toBe(404);
});

it("lists that differ by caller are no proxy's to keep", async () => {
  const { json } = await rpc(gateway(), "/mcp", narrow, "tools/list");
  expect(json.result.cacheScope).toBe("private");
});

it("a server is told who calls, and neither a token nor an address", async () => {
  const answer = await rpc(gateway(), "/alpha/mcp", whole, "tools/call", see);
  const said = saidBy(answer);
  expect(said.principal).toEqual({
    id: expect.stringMatching(/^key:[0-9a-f]{12}$/),
    scopes: ["*"],
  });
  expect(said.credentials).toBeUndefined();
  expect(answer.text).not.toContain(whole.split("_").slice(2).join("_"));
});

it("guessing is slowed down, for the one who guesses", async () => {
  const own = await startGuarded({
    gateway: { limits: false, trustedProxies: ["127.0.0.1"] },
    prepare: (root) => {
      whole = addKey(root, "whole", "--scope", "*");
    },
  });
  const from = (address: string, credential: string) =>
    rpc(
      own.gateway,
      "/alpha/mcp",
      credential,
      "tools/list",
      {},
      {
        headers: { "x-forwarded-for": address },
      },
    );
  expect((await from("192.0.2.1", whole)).status).toBe(200);
  const guess = (count: number) => `gw_${String(count).padStart(12, "0")}_${"A".repeat(43)}`;
  for (let count = 0; count < FAILED_RULE.burst; count++)
    expect((await from("192.0.2.1", guess(count))).status).toBe(401);
  const slowed = await from("192.0.2.1", guess(99));
  expect(slowed.status).toBe(429);
  expect(Number(slowed.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await from("192.0.2.2", guess(99))).status, "somebody else").toBe(401);
  expect((await from("192.0.2.1", whole)).status, "who is known already").toBe(200);
});
