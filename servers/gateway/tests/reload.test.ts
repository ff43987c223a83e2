import { mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "#shared/core/contract.ts";
import { ensureBuilt } from "./shared/testing/build.ts";
import { until } from "./shared/testing/within.ts";
import { testFolder, writeConfig, writeServer } from "./support/folders.ts";
import { startWith, type TestGateway, textOf } from "./support/gateway.ts";
import { loadOn } from "./support/load.ts";

beforeAll(() => ensureBuilt(), 60_000);

const echo = { name: "echo", arguments: {} };
const json = (answer: JsonObject) => JSON.parse(textOf(answer));
const value = async (gateway: TestGateway, server: string) =>
  json(await gateway.rpc(server, "modern", "tools/call", echo));

describe("a change of gateway.json", () => {
  it("adds, changes and removes servers, and touches no other", async () => {
    const root = await testFolder();
    const folder = await writeServer(root, "alpha");
    const entry = (VALUE: string) => ({ package: folder, env: { VALUE } });
    const config = await writeConfig(root, {
      kept: entry("k"),
      changed: entry("1"),
      gone: entry("g"),
    });
    const gateway = await startWith(config);
    await gateway.ready();
    expect(await value(gateway, "kept")).toMatchObject({ calls: 1 });
    await writeConfig(root, { kept: entry("k"), changed: entry("2"), added: entry("a") });
    const said = await gateway.says(/^reloaded/);
    expect(said).toBe("reloaded (the file changed): added added; changed changed; removed gone");
    await until(async () => (await value(gateway, "changed")).value === "2", "The new value");
    expect(await value(gateway, "kept"), "the same instance").toMatchObject({ calls: 2 });
    expect(await value(gateway, "added")).toMatchObject({ value: "a" });
    expect((await gateway.ask("/gone/tools")).status).toBe(404);
    const { tools } = (await gateway.rpc("", "legacy", "tools/list")).result as {
      tools: { name: string }[];
    };
    expect([...new Set(tools.map(({ name }) => name.split("__")[0]))]).toEqual([
      "added",
      "changed",
      "kept",
    ]);
  });

  it("with faults changes nothing, and says what they are", async () => {
    const root = await testFolder();
    const folder = await writeServer(root, "alpha");
    const config = await writeConfig(root, { alpha: { package: folder } });
    const gateway = await startWith(config);
    await gateway.ready();
    await writeConfig(root, { beta: { package: folder, requird: true } });
    expect(await gateway.says(/^not reloaded/)).toContain("the file changed");
    await gateway.says(/mcpServers\.beta\.requird: is not known here/);
    expect(await value(gateway, "alpha")).toMatchObject({ calls: 1 });
    expect((await gateway.ask("/beta/tools")).status).toBe(404);
  });

  it("is told of servers that it names and has not, as a start is", async () => {
    const root = await testFolder();
    const alpha = { package: await writeServer(root, "alpha") };
    const denying = (deny: string) => ({ profiles: { p: { tools: { deny: [deny] } } } });
    const gateway = await startWith(await writeConfig(root, { alpha }, denying("alhpa:*")));
    await gateway.stderr.find((line) => line.includes('called \\"alhpa\\"'), "It");
    await writeConfig(root, { alpha }, denying("alpah:*"));
    await gateway.stderr.find((line) => line.includes('called \\"alpah\\"'), "It");
  });

  it("that others reach it by makes them strangers, as a start with it would", async () => {
    const root = await testFolder();
    const mounts = { alpha: { package: await writeServer(root, "alpha") } };
    const gateway = await startWith(await writeConfig(root, mounts));
    await gateway.ready();
    const page = { origin: "https://app.example" };
    const state = async (headers = {}) =>
      (await gateway.ask("/admin/api/state", { headers })).status;
    expect([await state(), (await gateway.ask("/", { headers: page })).status]).toEqual([200, 403]);
    await writeConfig(root, mounts, {
      trustedProxies: ["127.0.0.1"],
      allowedOrigins: [page.origin],
    });
    await gateway.says(/^reloaded/);
    expect([await state(), await state({ "x-forwarded-for": "203.0.113.5" })]).toEqual([403, 403]);
    expect((await gateway.ask("/", { headers: page })).status).toBe(200);
    await writeConfig(root, mounts);
    await until(async () => (await state()) === 200, "The operator again");
    expect((await gateway.ask("/", { headers: page })).status).toBe(403);
    await writeConfig(root, mounts, { publicUrl: "https://mcp.example.com" });
    await until(async () => (await state()) === 403, "The public address");
  });

  it.each([
    ["audit", { audit: { file: "audit.jsonl" } }],
    ["pins", { pins: { file: "pins.json" } }],
    ["limits.replicas", { limits: { replicas: 3 } }],
  ])("to gateway.%s wants a restart, and changes nothing", async (key, own) => {
    const root = await testFolder();
    const folder = await writeServer(root, "alpha");
    const gateway = await startWith(await writeConfig(root, { alpha: { package: folder } }));
    await gateway.ready();
    await writeConfig(root, { beta: { package: folder } }, own);
    expect(await gateway.says(/^not reloaded/)).toContain(`gateway.${key}: is read at the start`);
    expect((await gateway.ask("/beta/tools")).status).toBe(404);
    expect(await value(gateway, "alpha")).toMatchObject({ calls: 1 });
  });

  it("is seen when a link is swapped, as a mounted ConfigMap does it", async () => {
    const root = await testFolder();
    const folder = await writeServer(root, "alpha");
    for (const [version, name] of [
      ["one", "first"],
      ["two", "second"],
    ] as const) {
      await mkdir(join(root, version));
      await writeConfig(join(root, version), { [name]: { package: folder } });
    }
    await symlink("one", join(root, "data"));
    await symlink(join("data", "gateway.json"), join(root, "gateway.json"));
    const gateway = await startWith(join(root, "gateway.json"));
    await gateway.says(/^ready +first/);
    await symlink("two", join(root, "data.new"));
    await rename(join(root, "data.new"), join(root, "data"));
    expect(await gateway.says(/^reloaded/)).toContain("added second; removed first");
  });

  it("is read on SIGHUP, and with it the new code of a server in a process or worker", async () => {
    const root = await testFolder();
    const entry = async (isolation: string) => ({
      package: await writeServer(root, isolation),
      isolation,
    });
    const gateway = await startWith(
      await writeConfig(root, {
        worker: await entry("worker"),
        process: await entry("process"),
        inprocess: await entry("inprocess"),
      }),
    );
    await gateway.ready();
    for (const name of ["worker", "process", "inprocess"]) {
      const file = join(root, name, "dist", "server.js");
      const code = await readFile(file, "utf8");
      await writeFile(file, code.replace("value: env.VALUE", 'value: "new code"'));
    }
    gateway.signal("SIGHUP");
    expect(await gateway.says(/^reloaded/)).toBe("reloaded (SIGHUP): changed process, worker");
    for (const name of ["worker", "process"])
      await until(async () => (await value(gateway, name)).value === "new code", "The new code");
    expect((await value(gateway, "inprocess")).value).toBeUndefined();
  });

  it("to what does not start leaves the old server serving", async () => {
    const root = await testFolder();
    const folder = await writeServer(root, "alpha");
    const config = await writeConfig(root, { alpha: { package: folder } });
    const gateway = await startWith(config);
    await gateway.ready();
    await writeConfig(root, { alpha: { package: folder, env: { FIXTURE_FAULT: "1" } } });
    expect(await gateway.says(/^degraded +alpha/)).toContain("FIRST is missing");
    expect(await value(gateway, "alpha")).toMatchObject({ calls: 1 });
    expect((await gateway.ask("/ready")).status).toBe(200);
    await writeConfig(root, { alpha: { package: folder, env: { VALUE: "mended" } } });
    await until(async () => (await value(gateway, "alpha")).value === "mended", "The new server");
  });
});

const CONNECTIONS = 64;
const RELOADS = 5;
/** Milliseconds between two reloads, in which every connection calls more than once. */
const PAUSE_MS = 150;
/** Some of these calls are in flight at every reload. */
const slow = { tool: "slow", input: { ms: 30 } };

describe.each(["inprocess", "worker", "process"])("reloads under load (%s)", (isolation) => {
  it("lose no call", async () => {
    const root = await testFolder();
    const folder = await writeServer(root, "alpha");
    const entry = (VALUE: string) => ({
      package: folder,
      isolation,
      env: { VALUE },
      maxQueue: CONNECTIONS,
    });
    const config = await writeConfig(root, { alpha: entry("0") });
    const gateway = await startWith(config);
    await gateway.ready();
    const load = loadOn(gateway.url.replace(/\/mcp$/, ""), CONNECTIONS, "alpha", slow);
    for (let count = 1; count <= RELOADS; count++) {
      await writeConfig(root, { alpha: entry(String(count)) });
      gateway.signal("SIGHUP");
      await until(async () => (await value(gateway, "alpha")).value === String(count), "A reload");
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    const { calls, failures } = await load.stop();
    expect(failures.slice(0, 3)).toEqual([]);
    expect(calls).toBeGreaterThan(2 * CONNECTIONS);
    await rm(config);
  }, 60_000);
});
