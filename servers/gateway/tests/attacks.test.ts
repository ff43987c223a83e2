import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { discoverJwks } from "../src/access/oauth/discovery.ts";
import { parameterHeaders, requestHeaders } from "../src/foreign/http-headers.ts";
import { ensureBuilt } from "./shared/testing/build.ts";
import { until } from "./shared/testing/within.ts";
import { rpc, send, startGuarded } from "./support/access.ts";
import { testFolder, writeConfig } from "./support/folders.ts";
import { startWith } from "./support/gateway.ts";

beforeAll(() => ensureBuilt(), 60_000);

/** A server on this machine that counts who comes. */
async function serve(answer: RequestListener) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const json =
  (value: (url: string) => object): RequestListener =>
  ({ headers }, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(value(`http://${headers.host}`)));
  };
const elsewhere =
  (url: string): RequestListener =>
  (_, response) => {
    response.writeHead(307, { location: url });
    response.end();
  };

describe("the keys of an issuer", () => {
  const metadata = (url: string) => ({ issuer: url, jwks_uri: `${url}/keys` });

  it("are found by its own metadata", async () => {
    const { url } = await serve(json(metadata));
    expect((await discoverJwks(url)).href).toBe(`${url}/keys`);
  });

  it("are not looked for where a redirect leads", async () => {
    const other = await serve(json(metadata));
    const { url, seen } = await serve(elsewhere(other.url));
    await expect(discoverJwks(url)).rejects.toThrow("There is no metadata");
    expect(seen.length).toBeGreaterThan(0);
    expect(other.seen).toEqual([]);
  });

  it.each<[string, (url: string) => object]>([
    ["of another issuer", (url) => ({ ...metadata(url), issuer: "https://example.com" })],
    [
      "of keys elsewhere without TLS",
      (url) => ({ ...metadata(url), jwks_uri: "http://10.0.0.1/k" }),
    ],
    ["that is very long", (url) => ({ ...metadata(url), pad: "x".repeat(300_000) })],
    ["that has no keys", (url) => ({ issuer: url })],
  ])("are not taken from metadata %s", async (_, value) => {
    const { url } = await serve(json(value));
    await expect(discoverJwks(url)).rejects.toThrow("There is no metadata");
  });
});

it("a server elsewhere cannot lead the gateway, with its credentials, to another address", async () => {
  const other = await serve((_, response) => response.end("{}"));
  const { url, seen } = await serve(elsewhere(other.url));
  const root = await testFolder();
  const entry = { url: `${url}/mcp`, headers: { authorization: "Bearer sesame" } };
  const gateway = await startWith(await writeConfig(root, { far: entry }));
  await gateway.says(/^backoff +far/);
  expect(seen.length).toBeGreaterThan(0);
  expect(other.seen).toEqual([]);
});

it("what a caller writes cannot end a header and begin another", () => {
  const text = "a\r\nx-evil: 1\0";
  const schema = {
    type: "object",
    properties: {
      region: { type: "string", "x-mcp-header": "Region" },
      bad: { type: "string", "x-mcp-header": "Bad\r\nx-evil" },
    },
  };
  const headers = {
    ...parameterHeaders(schema, { region: text, bad: "b" }),
    ...requestHeaders({ method: "tools/call", params: { name: text } }),
  };
  expect(Object.keys(headers).sort()).toEqual(["mcp-method", "mcp-name", "mcp-param-region"]);
  for (const value of Object.values(headers)) expect(value).toMatch(/^[\x20-\x7e]*$/);
});

it("no shell reads what a server is started with", async () => {
  const root = await testFolder();
  const script = join(root, "tells.mjs");
  await writeFile(
    script,
    'import { writeFileSync } from "node:fs"; writeFileSync("told.json", JSON.stringify(process.argv.slice(2)));',
  );
  const args = [
    "$(touch owned)",
    "; touch owned",
    "&& touch owned",
    "`touch owned`",
    "| tee owned",
    "*",
  ];
  const entry = { command: process.execPath, args: [script, ...args], cwd: root };
  await startWith(await writeConfig(root, { one: entry }));
  const told = join(root, "told.json");
  await until(
    () =>
      readFile(told).then(
        () => true,
        () => false,
      ),
    "The arguments",
  );
  expect(JSON.parse(await readFile(told, "utf8"))).toEqual(args);
  const named = { command: `${process.execPath} -e 1; touch owned`, cwd: root };
  const gateway = await startWith(await writeConfig(root, { one: named }));
  expect(await gateway.says(/^backoff +one/)).toContain("there is no command");
  expect(await readdir(root)).not.toContain("owned");
});

it("the gateway gives no tokens, takes no clients, and changes no settings over HTTP", async () => {
  const { gateway, config } = await startGuarded({ gateway: { access: undefined } });
  const before = await readFile(config, "utf8");
  const paths = [
    "/authorize",
    "/token",
    "/register",
    "/.well-known/oauth-authorization-server",
    "/.well-known/openid-configuration",
    "/admin/api/config",
    "/admin/api/servers",
    "/gateway.json",
  ];
  for (const path of paths)
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
      const body = method === "GET" ? undefined : "{}";
      const headers = { "content-type": "application/json", "x-flotilla-admin": "1" };
      const { status } = await send(gateway, path, { method, headers, ...(body && { body }) });
      expect(status, `${method} ${path}`).toBe(404);
    }
  expect((await rpc(gateway, "/mcp", undefined, "settings/set")).json.error.code).toBe(-32601);
  expect(await readFile(config, "utf8")).toBe(before);
});
