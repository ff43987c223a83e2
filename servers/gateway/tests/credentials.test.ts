import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { MAX_UPSTREAM_CREDENTIAL } from "../src/access/upstream-credentials.ts";
import { ensureBuilt } from "./shared/testing/build.ts";
import { startHttp } from "./shared/testing/http.ts";
import { ERAS } from "./shared/testing/messages.ts";
import { addKey, rpc, saidBy, send, startGuarded } from "./support/access.ts";
import { testFolder, writeServer } from "./support/folders.ts";
import { foreignCommand } from "./support/foreign.ts";

beforeAll(() => ensureBuilt(), 60_000);

const SEEING = `export { server } from ${JSON.stringify(new URL("fixtures/seeing-package.js", import.meta.url).href)};`;
const see = { name: "see", arguments: {} };
const callHeaders = { name: "headers", arguments: {} };

async function start(entries: (folder: string) => Record<string, object>) {
  const folder = await writeServer(await testFolder(), "seeing-server", SEEING);
  let keys: string[] = [];
  const guarded = await startGuarded({
    entries: entries(folder),
    gateway: { limits: false },
    prepare: (root) => {
      keys = ["one", "two"].map((name) => addKey(root, name, "--scope", "*"));
    },
  });
  return { ...guarded, one: keys[0] ?? "", two: keys[1] ?? "" };
}

describe.each(["inprocess", "worker", "process"])("a package in %s", (isolation) => {
  it("gets of each caller what its entry lists, and nothing else", async () => {
    const { gateway, one, two } = await start((folder) => ({
      alpha: { package: folder, isolation, credentials: ["token"] },
      beta: { package: folder, isolation },
    }));
    const call = (
      path: string,
      key: string,
      headers: object,
      era: "modern" | "legacy" = "modern",
    ) => rpc(gateway, path, key, "tools/call", { ...see }, { era, headers });
    for (const era of ERAS)
      for (const [key, value] of [
        [one, "of-one"],
        [two, "of-two"],
      ] as const) {
        const headers = {
          "x-upstream-alpha-token": value,
          "x-upstream-alpha-other": "unlisted",
          "x-upstream-beta-token": "not-for-alpha",
          cookie: "a=b",
        };
        const answer = await call("/alpha/mcp", key, headers, era);
        const said = saidBy(answer);
        expect(said.credentials).toEqual({ token: value });
        expect(said.principal.id).toMatch(/^key:/);
        expect(answer.text).not.toMatch(/unlisted|not-for-alpha|a=b|127\.0\.0\.1/);
        expect(answer.text).not.toContain(key);
        expect(saidBy(await call("/beta/mcp", key, headers, era)).credentials).toBeUndefined();
      }
  });
});

it("a server is not called without its callers' own credentials", async () => {
  const { gateway, one } = await start((folder) => ({
    alpha: { package: folder, credentials: ["token"] },
  }));
  const call = (headers: object) =>
    rpc(gateway, "/alpha/mcp", one, "tools/call", see, { headers }).then(({ text }) => text);
  expect(await call({})).toContain("send the header X-Upstream-alpha-token");
  expect(await call({ "x-upstream-alpha-token": "" })).toContain("PERMISSION_DENIED");
  const most = "x".repeat(MAX_UPSTREAM_CREDENTIAL);
  expect(await call({ "x-upstream-alpha-token": most })).not.toContain("PERMISSION_DENIED");
  expect(await call({ "x-upstream-alpha-token": `${most}x` })).toContain("PERMISSION_DENIED");
  const rest = await send(gateway, "/alpha/tools/see", {
    method: "POST",
    headers: { "x-api-key": one },
  });
  expect(rest.status).toBe(403);
});

describe("a remote server", () => {
  const echo = (era: "modern" | "legacy") =>
    startHttp({ entry: resolve("tests/fixtures/echo-headers.js"), env: { ERA: era } });

  it("gets each caller's own credentials and never what they prove themselves by here", async () => {
    const remote = await echo("modern");
    const { gateway, one, two } = await start(() => ({
      far: { type: "http", url: remote.url, credentials: ["authorization"] },
    }));
    const call = (key: string, value: string) =>
      rpc(gateway, "/far/mcp", key, "tools/call", callHeaders, {
        headers: { "x-upstream-far-authorization": value },
      });
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const [key, value] = index % 2 === 0 ? [one, "Bearer of-one"] : [two, "Bearer of-two"];
        return { value, said: saidBy(await call(key, value)) };
      }),
    );
    for (const { value, said } of answers) {
      expect(said.headers.authorization).toBe(value);
      expect(JSON.stringify(said.headers)).not.toMatch(/gw_|x-upstream|x-api-key|x-forwarded/);
    }
    const seen: string[] = saidBy(await call(one, "Bearer of-one")).seen;
    expect(seen.filter((line) => !line.startsWith("tools/call"))).toEqual(
      expect.arrayContaining(["server/discover none", "tools/list none"]),
    );
  });

  it("without such an entry gets no credential of a caller at all", async () => {
    const remote = await echo("modern");
    const { gateway, one } = await start(() => ({ far: { type: "http", url: remote.url } }));
    const answer = await rpc(gateway, "/far/mcp", one, "tools/call", callHeaders, {
      headers: { "x-upstream-far-authorization": "Bearer mine", cookie: "a=b" },
    });
    expect(saidBy(answer).headers.authorization).toBeUndefined();
    expect(answer.text).not.toMatch(/gw_|mine|a=b/);
  });

  it("that refuses a credential is said to, to whoever can send another", async () => {
    const remote = await echo("modern");
    const authorization = "Bearer refused";
    const { gateway, one } = await start(() => ({
      far: { type: "http", url: remote.url, credentials: ["authorization"] },
      own: { type: "http", url: remote.url, headers: { authorization } },
    }));
    const call = async (server: string) => {
      const headers = { "x-upstream-far-authorization": authorization };
      const answer = await rpc(gateway, `/${server}/mcp`, one, "tools/call", callHeaders, {
        headers,
      });
      return saidBy(answer).error;
    };
    const reason = "credential_refused";
    expect(await call("far")).toMatchObject({
      code: "PERMISSION_DENIED",
      message: expect.stringContaining("X-Upstream-far-authorization"),
      details: { reason, server: "far", status: 401 },
    });
    expect(await call("own")).toMatchObject({
      code: "CONFIG_ERROR",
      message: expect.stringContaining('"headers"'),
      details: { reason, server: "own", status: 401 },
    });
  });

  it("of 2025, which keeps one session for all, is not mounted with them", async () => {
    const remote = await echo("legacy");
    const { gateway } = await start(() => ({
      far: { type: "http", url: remote.url, credentials: ["authorization"] },
    }));
    await gateway.says(/^backoff +far .*cannot share/);
  });
});

it("what one user is asked on a mount, another cannot answer", async () => {
  const { gateway, one, two } = await start(() => ({ far: foreignCommand("legacy") }));
  const canAsk = {
    _meta: { "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } } },
  };
  const params = { name: "ask", arguments: {}, ...canAsk };
  const asked = await rest(gateway, one, "ask", {});
  expect(asked.status).toBe(409);
  const { requestState } = asked.json;
  const answer = {
    arguments: {},
    requestState,
    inputResponses: { answer: { action: "accept", content: { name: "Ada" } } },
  };
  expect(params.name).toBe("ask");
  const stolen = await rest(gateway, two, "ask", answer);
  expect(stolen.status).not.toBe(200);
  expect(stolen.text).not.toContain("Ada");
  const own = await rest(gateway, one, "ask", answer);
  expect([own.status, own.text]).toEqual([200, expect.stringContaining("Ada")]);
});

const rest = (gateway: { url: string }, key: string, tool: string, body: object) =>
  send(gateway, `/far/tools/${tool}`, {
    method: "POST",
    headers: { "x-api-key": key, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
