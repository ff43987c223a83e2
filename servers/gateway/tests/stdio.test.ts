import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { stdioChannel } from "./shared/testing/channels.ts";
import { CLIENTS, connect } from "./shared/testing/clients.ts";
import { headersFor } from "./shared/testing/messages.ts";
import { startProcess } from "./shared/testing/process.ts";
import { until } from "./shared/testing/within.ts";
import { testFolder, writeConfig, writeServer } from "./support/folders.ts";

beforeAll(() => ensureBuilt(), 60_000);

describe.each(CLIENTS)("over stdio $name", (kind) => {
  it("finds all servers as one", async () => {
    const root = await testFolder();
    const broken = { package: await writeServer(root, "broken", 'throw new Error("boom");') };
    const alpha = { package: await writeServer(root, "alpha") };
    const env = { GATEWAY_CONFIG: await writeConfig(root, { alpha, broken }) };
    const client = await connect(kind, stdioChannel({ entry: resolve("dist/stdio.cjs"), env }));
    const tools = (await client.listTools()) as { name: string }[];
    expect(tools.map(({ name }) => name)).toContain("alpha__echo");
    expect(JSON.stringify(await client.callTool("alpha__echo", { a: 1 }))).toContain("calls");
    await client.callTool("alpha__crash", {});
    expect(await client.read("health://status")).toContain('"broken"');
    await client.close();
  });
});

const FIXTURE = JSON.stringify(new URL("./fixtures/server.js", import.meta.url).href);
/** Leaves a file beside its folder when it is loaded. */
const CODE = `import { writeFileSync } from "node:fs";
writeFileSync(new URL("../started", import.meta.url), "");
export { server } from ${FIXTURE};`;

/** A server whose lists are known from its lock file. */
async function writeLocked(root: string, name: string): Promise<string> {
  const folder = await writeServer(root, name, CODE);
  const hints = { readOnlyHint: true, destructiveHint: false, idempotentHint: true };
  const tool = {
    name: "echo",
    title: "echo",
    description: "as locked",
    inputSchema: { type: "object" },
    annotations: { ...hints, openWorldHint: false },
    hash: "",
  };
  const features = { logging: false, completions: false, subscribe: false, listChanged: [] };
  const about = { name, title: name, version: "1.0.0", description: "", instructions: "", port: 1 };
  const lists = { features, variables: {}, toolsets: {}, tools: [tool], prompts: [] };
  await writeFile(join(folder, "tools.lock.json"), JSON.stringify({ ...about, ...lists }));
  return folder;
}

describe("over stdio servers with a lock file", () => {
  async function open() {
    const root = await testFolder();
    const folders = [await writeLocked(root, "alpha"), await writeLocked(root, "beta")];
    const [alpha = "", beta = ""] = folders;
    const mounts = { alpha: { package: alpha }, beta: { package: beta } };
    const env = { GATEWAY_CONFIG: await writeConfig(root, mounts) };
    const [kind] = CLIENTS;
    const client = await connect(kind, stdioChannel({ entry: resolve("dist/stdio.cjs"), env }));
    const started = () => folders.map((folder) => existsSync(join(folder, "started")));
    return { client, started };
  }

  it("are listed without being started, and start when they are called", async () => {
    const { client, started } = await open();
    const tools = (await client.listTools()) as { name: string }[];
    expect(tools.map(({ name }) => name)).toEqual(["alpha__echo", "beta__echo"]);
    expect(started()).toEqual([false, false]);
    expect(JSON.stringify(await client.callTool("beta__echo", { a: 1 }))).toContain("calls");
    expect(started()[1]).toBe(true);
    await client.close();
  });

  it("start by themselves a while later", async () => {
    const { client, started } = await open();
    await until(() => started().every(Boolean), "The start of both");
    const tools = (await client.listTools()) as { name: string }[];
    expect(tools.map(({ name }) => name)).toContain("alpha__report");
    await client.close();
  });
});

const SEEING = `export { server } from ${JSON.stringify(new URL("./fixtures/seeing-package.js", import.meta.url).href)};`;

describe("over stdio, where the caller is who started it", () => {
  async function openWith(gateway: object, more: object = {}) {
    const root = await testFolder();
    const alpha = { package: await writeServer(root, "alpha", SEEING), ...more };
    const env = { GATEWAY_CONFIG: await writeConfig(root, { alpha }, gateway) };
    const [kind] = CLIENTS;
    const client = await connect(kind, stdioChannel({ entry: resolve("dist/stdio.cjs"), env }));
    const call = async (tool: string) =>
      JSON.stringify(await client.callTool(`alpha__${tool}`, {}));
    return { root, client, call };
  }

  it("each call is written into the audit log, and nothing destroys while it cannot be", async () => {
    const { root, client, call } = await openWith({ audit: { file: "audit.jsonl" } });
    expect(await call("destroy")).toContain("destroyed");
    expect(await call("see")).not.toContain("isError");
    await client.close();
    const lines = (await readFile(join(root, "audit.jsonl"), "utf8")).trim().split("\n");
    const of = lines.map((line) => JSON.parse(line));
    expect(of.map(({ event, target }) => [event, target?.tool])).toEqual([
      ["tool.begin", "destroy"],
      ["tool.call", "destroy"],
      ["tool.call", "see"],
    ]);
  });

  it("limits of calls hold", async () => {
    const once = { rate: 1, per: "hour" };
    const { client, call } = await openWith({ limits: { tools: { "alpha:see": once } } });
    expect(await call("see")).not.toContain("RATE_LIMITED");
    expect(await call("see")).toContain("RATE_LIMITED");
    expect(await call("print")).not.toContain("RATE_LIMITED");
    await client.close();
  });

  it("a server that works with its callers' own credentials is not called, as there are none", async () => {
    const { client, call } = await openWith({}, { credentials: ["token"] });
    expect(await call("see")).toContain("missing_credential");
    await client.close();
  });

  it("access control is none of it, and that is said", async () => {
    const root = await testFolder();
    const alpha = { package: await writeServer(root, "alpha") };
    const access = { keys: "gateway-keys.json" };
    const env = { GATEWAY_CONFIG: await writeConfig(root, { alpha }, { access }) };
    const raw = startProcess({ entry: resolve("dist/stdio.cjs"), env });
    await raw.stderr.find((line) => line.includes("is let to everything"), "The warning");
  });
});

describe("the handler of hosts that look for an exported object", () => {
  async function fetchWith(own: object, env: Record<string, string> = {}) {
    const root = await testFolder();
    const alpha = { package: await writeServer(root, "alpha") };
    vi.stubEnv("GATEWAY_CONFIG", await writeConfig(root, { alpha }, own));
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    vi.resetModules();
    const { server } = await import("../src/server.ts");
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: {} });
    const headers = headersFor("legacy", "tools/list");
    const url = "http://localhost/mcp";
    return async () => {
      const response = await server.fetch(new Request(url, { method: "POST", headers, body }));
      return response.text();
    };
  }

  it.each([
    ["gateway.access", { access: { keys: "gateway-keys.json" } }],
    ["gateway.limits", { limits: { tools: { "*": { rate: 1 } } } }],
    ["gateway.allowedOrigins", { allowedOrigins: ["https://app.example"] }],
    ["gateway.trustedProxies", { trustedProxies: ["10.0.0.1"] }],
  ])("does not open with %s, which it could not hold", async (key, own) => {
    const ask = await fetchWith(own);
    await expect(ask()).rejects.toThrow(`${key}: `);
    await expect(ask(), "nor the next time").rejects.toThrow(`${key}: `);
  });

  it("does not open with GATEWAY_KEYS either, and opens without", async () => {
    const refused = await fetchWith({}, { GATEWAY_KEYS: "keys.json" });
    await expect(refused()).rejects.toThrow("GATEWAY_KEYS: ");
    vi.unstubAllEnvs();
    const ask = await fetchWith({ limits: false });
    expect(await ask()).toContain("alpha__echo");
  });
});
