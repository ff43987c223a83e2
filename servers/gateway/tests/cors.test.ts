import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { addKey, bearer, type Guarded, rpc, send, startGuarded } from "./support/access.ts";

const PAGE = "https://app.example.com";
const LOCAL = "http://localhost:6274";

let guarded: Guarded;
let key = "";
beforeAll(async () => {
  await ensureBuilt();
  guarded = await startGuarded({
    gateway: { allowedOrigins: [PAGE], limits: false },
    prepare: (root) => {
      key = addKey(root, "one", "--scope", "*");
    },
  });
}, 60_000);
afterAll(() => guarded.stop());

const ROUTES = [
  "/",
  "/health",
  "/ready",
  "/mcp",
  "/alpha/mcp",
  "/p/x/mcp",
  "/alpha/tools",
  "/alpha/tools/see",
  "/openapi.json",
  "/docs",
  "/redoc",
  "/metrics",
  "/load",
  "/admin/api/state",
  "/admin/api/stream",
  "/admin/api/actions",
  "/.well-known/oauth-protected-resource/mcp",
  "/nothing",
];

const preflight = (path: string, origin: string, headers: string) =>
  send(guarded.gateway, path, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": headers,
    },
  });

describe("every route", () => {
  it.each(ROUTES)("%s refuses hosts and origins that are not allowed", async (path) => {
    for (const method of ["GET", "POST", "OPTIONS"]) {
      const ask = (headers: Record<string, string>) =>
        guarded.gateway.ask(path, { method, headers: { ...bearer(key), ...headers } });
      expect((await ask({ host: "evil.example" })).status, method).toBe(403);
      for (const origin of ["https://evil.example", "null", `${PAGE}.evil.example`, "file://"])
        expect((await ask({ origin })).status, `${method} ${origin}`).toBe(403);
      expect((await ask({ origin: `${PAGE}, ${PAGE}` })).status, "two origins").toBe(403);
    }
  });
});

it.each([PAGE, LOCAL])(
  "a page of %s may ask, send and read, and never as the browser's user",
  async (origin) => {
    const wanted =
      "authorization, content-type, mcp-method, mcp-name, mcp-protocol-version, mcp-param-region, x-upstream-alpha-token, x-flotilla-admin";
    const asked = await preflight("/alpha/mcp", origin, `${wanted}, x-evil, cookie`);
    expect(asked.status).toBe(204);
    expect(asked.headers.get("access-control-allow-origin")).toBe(origin);
    expect(asked.headers.get("access-control-allow-headers")).toBe(wanted);
    expect(asked.headers.get("access-control-allow-methods")).toContain("POST");
    expect(asked.headers.get("access-control-allow-credentials")).toBeNull();
    const answer = await rpc(
      guarded.gateway,
      "/alpha/mcp",
      key,
      "tools/list",
      {},
      { headers: { origin } },
    );
    expect(answer.status).toBe(200);
    expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
    expect(answer.headers.get("access-control-expose-headers")).toContain("WWW-Authenticate");
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    expect(answer.headers.get("vary")).toContain("origin");
    const refused = await rpc(
      guarded.gateway,
      "/alpha/mcp",
      undefined,
      "tools/list",
      {},
      { headers: { origin } },
    );
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([
      401,
      origin,
    ]);
  },
);

it("an operator is who has the credential, or on this machine the gateway's own page, and no other page", async () => {
  const open = await startGuarded({ gateway: { access: undefined, allowedOrigins: [PAGE] } });
  const restart = (origin?: string) =>
    send(open.gateway, "/admin/api/actions", {
      method: "POST",
      headers: { "x-flotilla-admin": "1", ...(origin !== undefined && { origin }) },
      body: JSON.stringify({ action: "restart", server: "alpha" }),
    }).then(({ status }) => status);
  const state = (origin: string) =>
    send(open.gateway, "/admin/api/state", { headers: { origin } }).then(({ status }) => status);
  const own = new URL(open.gateway.url).origin;
  expect([await restart(), await restart(own), await state(own)]).toEqual([200, 200, 200]);
  for (const page of [PAGE, LOCAL, own.replace("127.0.0.1", "localhost")])
    expect([page, await restart(page), await state(page)]).toEqual([page, 403, 403]);
  const tools = await rpc(
    open.gateway,
    "/mcp",
    undefined,
    "tools/list",
    {},
    { headers: { origin: PAGE } },
  );
  expect(tools.status, "what the page is let to").toBe(200);
});

it("without an origin nothing is said of origins, and OPTIONS that asks nothing is no method", async () => {
  const answer = await send(guarded.gateway, "/health");
  expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  const options = await send(guarded.gateway, "/health", { method: "OPTIONS" });
  expect(options.status).toBe(405);
});
