import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { silentLog } from "#shared/core/log.ts";
import { AuditWriter, GATHER_LINES, MAX_WAITING, SIGNED_EACH } from "../src/audit/writer.ts";
import { runAudit } from "../src/commands/audit.ts";
import { ensureBuilt } from "./shared/testing/build.ts";
import { ERAS } from "./shared/testing/messages.ts";
import { until } from "./shared/testing/within.ts";
import { addKey, bearer, rpc, send, startGuarded } from "./support/access.ts";
import { testFolder } from "./support/folders.ts";
import { runWith } from "./support/gateway.ts";

beforeAll(() => ensureBuilt(), 60_000);

const KEY = "k".repeat(32);
const see = { name: "see", arguments: { city: "Lisbon" } };

/** Turns of the event loop, in which files are written. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await setImmediate();
}

const linesOf = async (file: string) =>
  (await readFile(file, "utf8"))
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

const verify = (file: string, more: string[] = [], key = KEY) =>
  runAudit(["verify", file, ...more], {
    env: { GATEWAY_AUDIT_KEY: key },
    cwd: "/",
    now: () => new Date(),
  });

async function write(file: string, count: number, options: { key?: string; maxMb?: number } = {}) {
  const { key = KEY, maxMb = 100 } = options;
  const writer = await AuditWriter.open({ file, maxMb, key, log: silentLog, onLost: () => {} });
  for (let line = 0; line < count; line++) writer.add(`"event":"test","line":${line}`);
  await writer.close();
}

describe("the chain", () => {
  const tampered: [string, (lines: string[]) => string[], RegExp][] = [
    [
      "changed",
      (lines) => lines.map((line) => line.replace('"line":3', '"line":4')),
      /:4: was changed/,
    ],
    [
      "removed",
      (lines) => lines.filter((_, index) => index !== 3),
      /:4: has the number 4 and not 3/,
    ],
    ["removed at the start", (lines) => lines.slice(1), /:1: has the number 1 and not 0/],
    [
      "moved",
      (lines) => [...lines.slice(0, 3), lines[4] ?? "", lines[3] ?? "", ...lines.slice(5)],
      /:4: has the number 4 and not 3/,
    ],
    [
      "added",
      (lines) => [...lines.slice(0, 3), '{"event":"test"}', ...lines.slice(3)],
      /:4: is no whole/,
    ],
    [
      "written anew with a hash of its own",
      (lines) => [...lines.slice(0, 3), ...lines.slice(2)],
      /:4: has the number 2 and not 3/,
    ],
  ];
  it.each(tampered)("shows a line that was %s", async (_, change, fault) => {
    const file = join(await testFolder(), "audit.jsonl");
    await write(file, 8);
    expect(await verify(file)).toEqual([expect.stringContaining("8 lines follow from each other")]);
    const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
    await writeFile(file, `${change(lines).join("\n")}\n`);
    await expect(verify(file)).rejects.toThrow(fault);
  });

  it("goes on after a restart, and after a line that was written in part", async () => {
    const file = join(await testFolder(), "audit.jsonl");
    await write(file, 3);
    await write(file, 2);
    await expect(verify(file)).resolves.toEqual([expect.stringContaining("5 lines")]);
    await writeFile(file, '{"v":1,"seq":5,"event":"te', { flag: "a" });
    await write(file, 1);
    const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ seq: 5 });
    await expect(verify(file)).rejects.toThrow(/:6: is no whole line/);
  });

  it("goes on over the files that are put aside by size", async () => {
    const file = join(await testFolder(), "audit.jsonl");
    for (let part = 0; part < 3; part++) await write(file, 6_000, { maxMb: 1 });
    expect(existsSync(`${file}.1`)).toBe(true);
    expect((await stat(`${file}.1`)).size).toBeGreaterThan(1_048_576);
    await expect(verify(file)).resolves.toEqual([expect.stringMatching(/^180\d\d lines follow/)]);
    const [first] = await linesOf(file).then((lines) =>
      lines.length > 0 ? lines : linesOf(`${file}.2`),
    );
    await rm(`${file}.1`);
    await expect(verify(file)).rejects.toThrow("has the number");
    await expect(verify(file, ["--from", String(first.seq)])).resolves.toBeDefined();
  });

  it("goes on when the folder was away while the log was put aside, with each line once", async () => {
    const folder = join(await testFolder(), "logs");
    await mkdir(folder);
    const file = join(folder, "audit.jsonl");
    const options = { file, maxMb: 1, key: undefined, log: silentLog, onLost: () => {} };
    const writer = await AuditWriter.open(options);
    await rename(folder, `${folder}-away`);
    writer.add(`"event":"long","text":"${"x".repeat(1_048_576)}"`);
    expect(await writer.addNow('"event":"last of the file"')).toBe(true);
    expect(await writer.addNow('"event":"refused"')).toBe(false);
    await rename(`${folder}-away`, folder);
    await until(() => writer.addNow('"event":"back"'), "The recovery");
    await writer.close();
    const events = (await linesOf(`${file}.1`)).map(({ event }) => event);
    expect(events).toEqual(["long", "last of the file", "back"]);
    await expect(verify(file)).resolves.toEqual([expect.stringContaining("3 lines")]);
  });

  it("is signed now and then, so that nobody else writes it anew", async () => {
    const file = join(await testFolder(), "audit.jsonl");
    await write(file, SIGNED_EACH - 1);
    expect((await linesOf(file)).some(({ event }) => event === "checkpoint")).toBe(false);
    await write(file, SIGNED_EACH);
    const lines = await linesOf(file);
    expect(lines.at(-1)).toMatchObject({ event: "checkpoint", sig: expect.any(String) });
    expect((await verify(file))[0]).toContain("the last 0 are not signed yet");
    await expect(verify(file, [], "o".repeat(32))).rejects.toThrow("is signed by another key");
    await rm(file);
    await write(file, SIGNED_EACH, { key: "o".repeat(32) });
    await expect(verify(file)).rejects.toThrow("is signed by another key");
  });

  it("gathers lines for a while, and no more than a few hundred", async () => {
    const file = join(await testFolder(), "audit.jsonl");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const options = { file, maxMb: 100, key: undefined, log: silentLog, onLost: () => {} };
    const writer = await AuditWriter.open(options);
    for (let line = 1; line < GATHER_LINES; line++) writer.add('"event":"test"');
    await turns(20);
    expect(await linesOf(file)).toHaveLength(0);
    writer.add('"event":"test"');
    while ((await linesOf(file)).length < GATHER_LINES) await turns(1);
    await writer.close();
    await expect(verify(file)).resolves.toEqual([expect.stringContaining(`${GATHER_LINES} lines`)]);
  });

  it("tells of lines that are lost while others are being written", async () => {
    const file = join(await testFolder(), "audit.jsonl");
    let told = 0;
    const onLost = (count: number) => {
      told += count;
    };
    const options = { file, maxMb: 100, key: undefined, log: silentLog, onLost };
    const writer = await AuditWriter.open(options);
    const written = writer.addNow('"event":"first"');
    for (let line = 0; line < MAX_WAITING + 4; line++) writer.add('"event":"test"');
    expect(await written).toBe(true);
    await writer.close();
    expect(told).toBe(5);
    expect((await linesOf(file)).at(-1)).toMatchObject({ event: "audit.gap", lost: 5 });
  });

  it("counts what it cannot keep, and says so", async () => {
    const file = join(await testFolder(), "audit.jsonl");
    let lost = 0;
    const writer = await AuditWriter.open({
      file,
      maxMb: 100,
      key: undefined,
      log: silentLog,
      onLost: (count) => {
        lost += count;
      },
    });
    for (let line = 0; line < MAX_WAITING + 5; line++) writer.add('"event":"test"');
    expect(await writer.addNow('"event":"test"')).toBe(false);
    await writer.close();
    expect(lost).toBe(5);
    const lines = await linesOf(file);
    expect(lines).toHaveLength(MAX_WAITING + 1);
    expect(lines.at(-1)).toMatchObject({ event: "audit.gap", lost: 5 });
  });
});

describe("a log that another gateway writes", () => {
  const BEAT_MS = 50;
  const open = (file: string) =>
    AuditWriter.open({
      file,
      maxMb: 100,
      key: undefined,
      log: silentLog,
      onLost: () => {},
      beatMs: BEAT_MS,
    });

  it("is not opened as long as that one lives, and as soon as it has closed it", async () => {
    const file = join(await testFolder(), "audit.jsonl");
    const first = await open(file);
    await expect(open(file)).rejects.toThrow(/Another gateway writes it .*own audit\.file/);
    expect(await first.addNow('"event":"first"')).toBe(true);
    await first.close();
    expect(existsSync(`${file}.lock`)).toBe(false);
    await (await open(file)).close();
  });

  it("is opened when that one ended without closing it, by one of those that try", async () => {
    const file = join(await testFolder(), "audit.jsonl");
    await writeFile(`${file}.lock`, "host:1 some-id 000000000007\n");
    const tries = await Promise.allSettled([open(file), open(file)]);
    expect(tries.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    for (const one of tries) if (one.status === "fulfilled") await one.value.close();
    expect(existsSync(`${file}.lock`)).toBe(false);
  });

  it("is left alone by one that was stopped for so long that another took it", async () => {
    const file = join(await testFolder(), "audit.jsonl");
    const first = await open(file);
    expect(await first.addNow('"event":"first"')).toBe(true);
    await writeFile(`${file}.lock`, "host:1 another-id 000000000000\n");
    await until(async () => !(await first.addNow('"event":"late"')), "The refusal");
    const left = await readFile(file, "utf8");
    await writeFile(file, `${left}of the other\n`);
    expect(await first.addNow('"event":"late"')).toBe(false);
    await first.close();
    expect(await readFile(file, "utf8")).toBe(`${left}of the other\n`);
    expect(existsSync(`${file}.lock`)).toBe(true);
  });
});

describe("gateway audit verify", () => {
  it.each([
    [["verify"]],
    [["check", "x"]],
    [["verify", "a", "b"]],
    [["verify", "a", "--from", "x"]],
  ])("%j is refused in words", async (argv) => {
    const context = { env: {}, cwd: "/tmp", now: () => new Date() };
    await expect(runAudit(argv, context)).rejects.toThrow("Usage: gateway audit verify");
  });

  it("tells a file that is not there from one without a line", async () => {
    const file = join(await testFolder(), "audit.jsonl");
    await expect(verify(file)).rejects.toThrow(`There is no file ${file}`);
    await writeFile(file, "");
    await expect(verify(file)).rejects.toThrow("no line");
  });
});

async function startAudited(file = "audit.jsonl", more: object = {}) {
  let key = "";
  const guarded = await startGuarded({
    env: { GATEWAY_AUDIT_KEY: KEY },
    gateway: {
      audit: { file },
      limits: { tools: { "alpha:print": { rate: 1, per: "hour" } } },
      ...more,
    },
    prepare: (root) => {
      key = addKey(root, "one", "--scope", "*");
    },
  });
  return { ...guarded, key, file: join(guarded.root, file) };
}

describe("a gateway's audit log", () => {
  it.each(ERAS)("has each call, whoever made it and however it ended (%s)", async (era) => {
    const { gateway, key, file, config } = await startAudited();
    const call = (path: string, params: object) =>
      rpc(gateway, path, key, "tools/call", { ...params }, { era });
    await call("/alpha/mcp", see);
    await call("/mcp", { name: "beta__see", arguments: {} });
    await send(gateway, "/alpha/tools/see", {
      method: "POST",
      headers: { ...bearer(key), "content-type": "application/json" },
      body: JSON.stringify({ city: "Lisbon" }),
    });
    await call("/alpha/mcp", { name: "fail", arguments: {} });
    await call("/alpha/mcp", { name: "destroy", arguments: {} });
    for (let times = 0; times < 2; times++)
      await call("/alpha/mcp", { name: "print", arguments: {} });
    await rpc(gateway, "/alpha/mcp", "gw_wrong", "tools/list", {}, { era });
    const named = async (start: string) =>
      (await linesOf(file)).filter(({ event }) => event.startsWith(start));
    // the last that happened, and so the last that is written
    await until(async () => (await named("auth.fail")).length === 1, "The lines");
    const lines = await named("tool.");
    expect(lines).toHaveLength(8);
    const base = {
      v: 1,
      event: "tool.call",
      decision: "allow",
      outcome: "ok",
      principal: { type: "key", id: expect.stringMatching(/^key:/) },
      src: { ip: "127.0.0.1", surface: "mcp", era },
      target: { server: "alpha", tool: "see", destructive: false },
    };
    expect(lines[0]).toMatchObject({ ...base, args: { keys: ["city"], bytes: 17 } });
    expect(lines[1]).toMatchObject({
      src: { surface: "aggregate" },
      target: { server: "beta", tool: "see" },
    });
    expect(lines[2]).toMatchObject({ src: { surface: "rest", era: "modern" } });
    expect(lines[2].args.hash, "the same arguments").toBe(lines[0].args.hash);
    expect(lines[3]).toMatchObject({ outcome: "tool_error", target: { tool: "fail" } });
    expect(lines[4]).toMatchObject({
      event: "tool.begin",
      target: { tool: "destroy", destructive: true },
    });
    expect(lines[5]).toMatchObject({ outcome: "ok", target: { tool: "destroy" } });
    expect(lines[7]).toMatchObject({
      decision: "deny",
      outcome: "rate_limited",
      reason: "rate_limit",
    });
    const text = await readFile(file, "utf8");
    expect(text).not.toContain("Lisbon");
    expect(text).not.toContain(key.slice(-20));
    expect(await named("mount.state")).not.toEqual([]);
    if (era === "modern") {
      const second = runWith([], { GATEWAY_CONFIG: config, GATEWAY_AUDIT_KEY: KEY, PORT: "0" });
      onTestFinished(() => second.stop());
      await second.stderr.find((line) => line.includes("Another gateway writes it"), "The reason");
      expect(await second.exit()).toMatchObject({ code: 1 });
    }
    gateway.signal("SIGTERM");
    await gateway.exit();
    await expect(verify(file)).resolves.toBeDefined();
  });
});

it("has what callers may not know of and ask for, counted by their limits, without the names that they try", async () => {
  let key = "";
  const { gateway, root } = await startGuarded({
    gateway: {
      audit: { file: "audit.jsonl" },
      limits: { principal: { rate: 1, per: "hour", burst: 8 } },
    },
    prepare: (folder) => {
      key = addKey(folder, "narrow", "--scope", "alpha:see");
    },
  });
  const headers = { ...bearer(key), "content-type": "application/json" };
  const rest = (tool: string) =>
    send(gateway, `/alpha/tools/${tool}`, { method: "POST", headers, body: "{}" });
  const call = (path: string, name: string) =>
    rpc(gateway, path, key, "tools/call", { name, arguments: {} });
  const texts = async (name: string) => [
    (await rest(name)).text.replaceAll(name, ""),
    (await call("/alpha/mcp", name)).text.replaceAll(name, ""),
    (await call("/mcp", `alpha__${name}`)).text.replaceAll(name, ""),
  ];
  const hidden = await texts("destroy");
  expect(hidden[0]).toContain("not-found");
  expect(hidden[1]).toContain("-32602");
  expect(await texts("made_up_by_me"), "hidden is as unknown").toEqual(hidden);
  await rpc(gateway, "/alpha/mcp", key, "prompts/get", { name: "made_up" });
  await rpc(gateway, "/alpha/mcp", key, "resources/read", { uri: "made_up:one" });
  expect((await rest("destroy")).status).toBe(429);
  expect((await call("/mcp", "alpha__destroy")).text).toContain("RATE_LIMITED");
  expect((await send(gateway, "/admin/api/state", { headers })).status).toBe(403);
  const file = join(root, "audit.jsonl");
  const named = async (name: string) => (await linesOf(file)).filter(({ event }) => event === name);
  await until(async () => (await named("admin.refused")).length === 1, "The lines");
  expect(await named("prompts/get")).toMatchObject([{ reason: "unknown_prompt" }]);
  expect(await named("resources/read")).toMatchObject([{ reason: "unknown_resource" }]);
  const refused = await named("tools/call");
  expect(refused.map(({ reason, src }) => [reason, src.surface])).toEqual([
    ...[0, 1].flatMap(() => [
      ["unknown_tool", "rest"],
      ["unknown_tool", "mcp"],
      ["unknown_tool", "aggregate"],
    ]),
    ["rate_limit", "rest"],
    ["rate_limit", "aggregate"],
  ]);
  expect(refused[0]).toMatchObject({
    decision: "deny",
    outcome: "denied",
    principal: { id: expect.stringMatching(/^key:/) },
    target: { server: "alpha", destructive: false },
  });
  expect((await named("admin.refused"))[0]).toMatchObject({ path: "/admin/api/state" });
  expect(await readFile(file, "utf8")).not.toMatch(/made_up|destroy"/);
});

it("has who asks for a server that is there and not for them", async () => {
  let key = "";
  const { gateway, root } = await startGuarded({
    gateway: { audit: { file: "audit.jsonl" } },
    prepare: (folder) => {
      key = addKey(folder, "narrow", "--scope", "alpha:*");
    },
  });
  const headers = { ...bearer(key), "content-type": "application/json" };
  const answers = async (server: string) => {
    const mcp = await rpc(gateway, `/${server}/mcp`, key, "tools/list", {});
    const list = await send(gateway, `/${server}/tools`, { headers });
    const options = { method: "POST", headers, body: "{}" };
    const call = await send(gateway, `/${server}/tools/see`, options);
    return [mcp, list, call].map(({ status, text }) => [status, text.replaceAll(server, "")]);
  };
  expect(await answers("beta"), "hidden is as unknown").toEqual(await answers("made-up"));
  const lines = async () =>
    (await linesOf(join(root, "audit.jsonl"))).filter(({ event }) => event === "server.refused");
  await until(async () => (await lines()).length === 3, "The lines");
  const by = expect.stringMatching(/^key:/);
  const line = { server: "beta", address: expect.stringContaining("127.0.0.1"), by };
  expect(await lines()).toMatchObject([line, line, line]);
});

/** A file system of its own that is full soon; only root may make one. */
async function smallDisk(): Promise<string | undefined> {
  const folder = join(await testFolder(), "disk");
  await mkdir(folder);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  onTestFinished(() => {
    execFileSync("umount", ["-l", folder], { stdio: "ignore" });
  });
  return folder;
}

it("with a full disk destructive tools are refused, others served, and it recovers by itself", async (context) => {
  const disk = await smallDisk();
  if (disk === undefined) return context.skip("needs the right to mount a tmpfs");
  const { gateway, key } = await startAudited(join(disk, "audit.jsonl"));
  const file = join(disk, "audit.jsonl");
  const call = (name: string) =>
    rpc(gateway, "/alpha/mcp", key, "tools/call", { name, arguments: {} });
  expect((await call("destroy")).text).toContain("destroyed");
  const ballast = join(disk, "ballast");
  await writeFile(ballast, Buffer.alloc(60 * 1024)).catch(() => {});
  await writeFile(join(disk, "rest"), Buffer.alloc(4 * 1024)).catch(() => {});
  await until(
    async () => (await call("destroy")).text.includes("audit_unavailable"),
    "The refusal",
  );
  for (let times = 0; times < 20; times++) expect((await call("see")).text).toContain("calls");
  expect((await call("destroy")).text).toContain("audit_unavailable");
  await gateway.stderr.find((line) => line.includes("destructive tools are refused"), "The log");
  await rm(ballast);
  await rm(join(disk, "rest"), { force: true });
  await until(async () => (await call("destroy")).text.includes("destroyed"), "The recovery");
  await until(
    async () => (await linesOf(file)).filter(({ target }) => target?.tool === "see").length >= 20,
    "What waited meanwhile",
  );
  await expect(verify(file)).resolves.toBeDefined();
});
