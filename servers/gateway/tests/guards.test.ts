import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { MAX_BODY_BYTES, MAX_JSON_DEPTH } from "#shared/mcp/guards.ts";
import { ensureBuilt } from "./shared/testing/build.ts";
import { headersFor } from "./shared/testing/messages.ts";
import { addKey, bearer } from "./support/access.ts";
import { testFolder, writeConfig, writeServer } from "./support/folders.ts";
import { startFixtures, startWith } from "./support/gateway.ts";

beforeAll(() => ensureBuilt(), 60_000);

const ROUTES = ["/", "/health", "/ready", "/mcp", "/alpha/mcp", "/nothing/mcp", "/nothing"];
const headers = headersFor("legacy", "tools/list");
const list = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });

describe("every route", () => {
  it("refuses names and origins that are not this machine's", async () => {
    const gateway = await startFixtures("alpha");
    for (const path of ROUTES) {
      for (const method of ["GET", "POST"]) {
        const body = method === "POST" ? list : "";
        const ask = (more: Record<string, string>) =>
          gateway.ask(path, { method, headers: { ...headers, ...more }, body });
        expect((await ask({ host: "evil.example" })).status, `${method} ${path}`).toBe(403);
        expect((await ask({ origin: "https://evil.example" })).status, path).toBe(403);
        expect((await ask({ origin: "null" })).status, path).toBe(403);
      }
    }
  });

  it("takes headers up to a limit", async () => {
    const gateway = await startFixtures("alpha");
    for (const path of ROUTES) {
      const { status } = await gateway.ask(path, { headers: { "x-long": "x".repeat(17_000) } });
      expect(status, path).toBe(431);
    }
  });
});

describe.each(["/mcp", "/alpha/mcp"])("%s", (path) => {
  it("takes bodies up to a size and a depth", async () => {
    const gateway = await startFixtures("alpha");
    const post = (body: string) => gateway.ask(path, { method: "POST", headers, body });
    const padded = (bytes: number) => list + " ".repeat(bytes - list.length);
    expect((await post(padded(MAX_BODY_BYTES))).status).toBe(200);
    expect((await post(padded(MAX_BODY_BYTES + 1))).status).toBe(413);
    const deep = "[".repeat(MAX_JSON_DEPTH) + "]".repeat(MAX_JSON_DEPTH);
    expect((await post(`{"x":${deep}}`)).status).toBe(400);
    expect((await post("{")).status).toBe(400);
    expect((await post(`[${list}]`)).status, "no batches").toBe(400);
  });

  it("wants JSON, and POST", async () => {
    const gateway = await startFixtures("alpha");
    const form = { ...headers, "content-type": "text/plain" };
    expect((await gateway.ask(path, { method: "POST", headers: form, body: list })).status).toBe(
      415,
    );
    expect((await gateway.ask(path)).status).toBe(405);
    expect((await gateway.ask(path, { method: "DELETE" })).status).toBe(405);
  });
});

it("tells which servers there are to who asks for another", async () => {
  const gateway = await startFixtures("alpha", "beta");
  const missing = await gateway.ask("/gamma/mcp", { method: "POST", headers, body: list });
  expect(missing.status).toBe(404);
  expect(JSON.parse(missing.body)).toEqual({
    error: 'No server is called "gamma". The servers are: alpha, beta.',
  });
  for (const path of ["/nothing", "/ALPHA/mcp", "/alpha/mcp/", "/%61lpha/mcp", "/alpha%2Fmcp"]) {
    const { status, body } = await gateway.ask(path);
    expect(status, path).toBe(404);
    expect(JSON.parse(body).error, path).toContain("alpha, beta");
  }
});

it("has pages that are only read", async () => {
  const gateway = await startFixtures("alpha");
  for (const path of ["/", "/health", "/ready"]) {
    expect((await gateway.ask(path)).status, path).toBe(200);
    expect((await gateway.ask(path, { method: "POST", body: "{}" })).status, path).toBe(405);
  }
  expect(JSON.parse((await gateway.ask("/")).body)).toMatchObject({
    name: "gateway",
    mcp: "/mcp",
    servers: [{ name: "alpha", title: "Fixture", state: "ready", tools: 10, mcp: "/alpha/mcp" }],
  });
});

describe("/ready", () => {
  it("waits until every server has been ready, or has failed, and /health does not", async () => {
    const root = await testFolder();
    const end = join(root, "end");
    const hang = { package: await writeServer(root, "hang"), env: { FIXTURE_WAITS_FOR: end } };
    const alpha = { package: await writeServer(root, "alpha"), required: true };
    const gateway = await startWith(await writeConfig(root, { alpha, hang }));
    await gateway.says(/^ready +alpha/);
    const { status, body } = await gateway.ask("/ready");
    expect(status).toBe(503);
    expect(JSON.parse(body)).toEqual({ status: "starting", waiting: 1, waitingFor: ["hang"] });
    expect((await gateway.ask("/health")).status).toBe(200);
    await writeFile(end, "");
    await gateway.says(/^backoff +hang/);
    expect((await gateway.ask("/ready")).status, "hang is not required").toBe(200);
  });

  it("tells which required server is away", async () => {
    const root = await testFolder();
    const gone = { package: `${root}/gone`, required: true };
    const gateway = await startWith(await writeConfig(root, { gone }));
    await gateway.says(/^backoff +gone/);
    const { status, body } = await gateway.ask("/ready");
    expect(status).toBe(503);
    expect(JSON.parse(body)).toEqual({ status: "unavailable", waiting: 1, waitingFor: ["gone"] });
  });

  it("names the servers to operators only, and says no less without a credential, or with a wrong one", async () => {
    const root = await testFolder();
    const operator = addKey(root, "ops", "--scope", "admin");
    const other = addKey(root, "one", "--scope", "*");
    const gone = { package: `${root}/gone`, required: true };
    const started = (own: object) =>
      writeConfig(root, { gone }, own).then((file) => startWith(file));
    const closed = await started({ access: { keys: "gateway-keys.json" } });
    await closed.says(/^backoff +gone/);
    const ask = async (headers: Record<string, string> = {}) => {
      const { status, body } = await closed.ask("/ready", { headers });
      return [status, JSON.parse(body)];
    };
    const unnamed = [503, { status: "unavailable", waiting: 1 }];
    expect(await ask()).toEqual(unnamed);
    expect(await ask(bearer(other))).toEqual(unnamed);
    expect(await ask(bearer("wrong"))).toEqual(unnamed);
    expect(await ask(bearer(operator))).toEqual([
      503,
      { ...(unnamed[1] as object), waitingFor: ["gone"] },
    ]);
    const proxied = await started({ trustedProxies: ["192.0.2.1"] });
    await proxied.says(/^backoff +gone/);
    expect(JSON.parse((await proxied.ask("/ready")).body)).toEqual(unnamed[1]);
  });
});
