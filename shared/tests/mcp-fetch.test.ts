import { beforeEach, describe, expect, test, vi } from "vitest";
import { defineServer, type FetchableServer } from "#shared/mcp/define-server.ts";
import { MAX_BODY_BYTES } from "#shared/mcp/guards.ts";
import { MAX_LISTENED_URIS, MAX_LISTENERS } from "#shared/mcp/listeners.ts";
import { fetchChannel } from "#shared/testing/channels.ts";
import { ERAS, headersFor, paramsFor } from "#shared/testing/messages.ts";
import { server as probe } from "./fixtures/probe/server.ts";
import { connectAsked1, connectAsked2, returned } from "./support/asking-client.ts";
import { definition } from "./support/instance.ts";

const at = (path: string, init: RequestInit = {}) => new Request(`http://localhost${path}`, init);
const post = (body: string, headers: Record<string, string> = headersFor("legacy", "ping")) =>
  at("/mcp", { method: "POST", body, headers });
const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

test.each([
  ["the 1.x client", () => connectAsked1(fetchChannel(probe.fetch))],
  ["the 2.x client as of 2025", () => connectAsked2(fetchChannel(probe.fetch), "legacy")],
  ["the 2.x client as of 2026", () => connectAsked2(fetchChannel(probe.fetch), "auto")],
])("%s lists and calls", async (_, connect) => {
  expect(returned(await (await connect()).call("echo", { value: "hi" }))).toBe("hi");
});

test("a client of 2026 is asked and answers", async () => {
  const client = await connectAsked2(fetchChannel(probe.fetch), "auto");
  expect(returned(await client.call("ask_too", { topic: "x" }))).toEqual({
    first: { action: "accept", content: { color: "red" } },
  });
});

test("as a method by itself it needs no object around it", async () => {
  const { fetch } = probe;
  expect((await fetch(post(ping))).status).toBe(200);
});

test.each([
  ["/health", 200],
  ["/ready", 200],
  ["/nowhere", 404],
])("%s gets %i", async (path, status) => {
  expect((await probe.fetch(at(path))).status).toBe(status);
});

test.each(["GET", "DELETE"])("%s of /mcp gets 405", async (method) => {
  const response = await probe.fetch(at("/mcp", { method }));
  expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
});

test("a page of another origin is refused on every route", async () => {
  for (const path of ["/mcp", "/health", "/ready"]) {
    const headers = { origin: "http://evil.example" };
    expect((await probe.fetch(at(path, { headers }))).status).toBe(403);
  }
});

test("the body has its limit, declared or not", async () => {
  expect((await probe.fetch(post("x".repeat(MAX_BODY_BYTES + 1)))).status).toBe(413);
  const declared = {
    ...headersFor("legacy", "ping"),
    "content-length": String(MAX_BODY_BYTES + 1),
  };
  expect((await probe.fetch(post(ping, declared))).status).toBe(413);
  expect((await probe.fetch(post("garbage"))).status).toBe(400);
});

test.each(ERAS)("a request that is aborted stops its call (%s)", async (era) => {
  const lines: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((line) => lines.push(String(line)) > 0);
  const label = `fetch ${era}`;
  const params = paramsFor(era, { name: "wait", arguments: { ms: 60_000, label } });
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params });
  const leaving = new AbortController();
  const headers = headersFor(era, "tools/call", params);
  const request = at("/mcp", { method: "POST", body, headers, signal: leaving.signal });
  const answer = probe.fetch(request).then((response) => response.text());
  answer.catch(() => {});
  const said = (msg: string) => lines.some((line) => line.includes(msg) && line.includes(label));
  await expect.poll(() => said("waiting")).toBe(true);
  leaving.abort();
  await expect.poll(() => said("stopped")).toBe(true);
});

/** A client that listens for changes of `uris`. */
const listener = (uris: readonly string[] = [], signal?: AbortSignal) => {
  const notifications = { toolsListChanged: true, resourceSubscriptions: uris };
  const params = paramsFor("modern", { notifications });
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "subscriptions/listen", params });
  const headers = headersFor("modern", "subscriptions/listen", params);
  return at("/mcp", { method: "POST", body, headers, ...(signal && { signal }) });
};

test("so many streams are open, and one that ends in any way makes room", async () => {
  const { fetch } = defineServer(definition({ features: { listChanged: ["tools"] } }));
  const leaving = new AbortController();
  const listen = () => fetch(listener([], leaving.signal));
  const open = await Promise.all(Array.from({ length: MAX_LISTENERS - 1 }, listen));
  const last = await fetch(listener());
  expect(new Set([...open, last].map(({ status }) => status))).toEqual(new Set([200]));
  const refused = await fetch(listener());
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "10"]);
  await last.body?.cancel();
  const next = await fetch(listener());
  expect(next.status).toBe(200);
  leaving.abort();
  expect((await fetch(listener())).status).toBe(200);
});

test("a listener that is refused takes no place, and reads why", async () => {
  const { fetch } = defineServer(definition({ features: { listChanged: ["tools"] } }));
  const { url, headers } = listener();
  const body = '{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen"}';
  for (let count = 0; count <= MAX_LISTENERS; count++) {
    const refused = await fetch(new Request(url, { method: "POST", headers, body }));
    expect(await refused.json()).toMatchObject({ error: { code: expect.any(Number) } });
  }
});

test("one stream is for so many resources", async () => {
  const uris = Array.from({ length: MAX_LISTENED_URIS + 1 }, (_, index) => `a://${index}`);
  const refused = await probe.fetch(listener(uris));
  expect([refused.status, await refused.json()]).toMatchObject([400, { error: { code: -32602 } }]);
});

describe("the environment of the process", () => {
  let server: FetchableServer;
  beforeEach(() => {
    server = defineServer(
      definition({ checks: { disk: () => Promise.reject(new Error("full")) } }),
    );
  });

  test("narrows the names that are answered", async () => {
    vi.stubEnv("ALLOWED_HOSTS", "api.example.com");
    const of = async (host: string) =>
      (await server.fetch(new Request(`http://${host}/health`))).status;
    expect([await of("api.example.com"), await of("evil.example")]).toEqual([200, 403]);
  });

  test("may be wrong: then the request fails and says why, and opening throws nothing at import", async () => {
    vi.stubEnv("LOG_LEVEL", "loud");
    await expect(server.fetch(at("/health"))).rejects.toThrow(/LOG_LEVEL/);
  });

  test("a failing check shows at /ready with 503, and not at /health", async () => {
    const ready = await server.fetch(at("/ready"));
    expect([ready.status, await ready.json()]).toMatchObject([
      503,
      { status: "failing", checks: [{ name: "disk", message: "full" }] },
    ]);
    expect((await server.fetch(at("/health"))).status).toBe(200);
  });
});
