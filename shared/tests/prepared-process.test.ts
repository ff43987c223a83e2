import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { initializeParams, MODERN_VERSION, resultOf } from "#shared/testing/messages.ts";
import { startProcess } from "#shared/testing/process.ts";
import { type RawStdio, speak } from "#shared/testing/stdio.ts";
import { type BuiltServer, buildPrepared } from "./support/prepared-server/built.ts";

const LOADED = "server loaded";
/** Says that it is loaded and never is. */
const BLOCKED = `process.stderr.write("${LOADED}\\n"); await new Promise(() => {});`;

let whole: BuiltServer;
let blocked: BuiltServer;
let broken: BuiltServer;
/** Ends its process when it is loaded. */
let deadly: BuiltServer;

beforeAll(async () => {
  [whole, blocked, broken, deadly] = await Promise.all([
    buildPrepared(),
    buildPrepared(),
    buildPrepared(),
    buildPrepared(),
  ]);
  await blocked.replaceServer(BLOCKED);
  await deadly.replaceServer("process.exit(7);");
  await broken.replaceServer('throw new Error("cannot be loaded");');
}, 60_000);

const open: RawStdio[] = [];
function start(
  { entry }: BuiltServer,
  era: "legacy" | "modern",
  env: Record<string, string> = {},
): RawStdio {
  const raw = speak(startProcess({ entry, env }), era);
  open.push(raw);
  return raw;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((raw) => raw.stop()));
});

const frame = (message: object) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`;
const toolNames = (result: Record<string, unknown>) =>
  (result.tools as { name: string }[]).map(({ name }) => name);

/** Milliseconds in which a load that nobody asked for would have come about. */
const LOAD_TIME_MS = 300;

/** Leaves a server that still answers, and so was not loaded: it would have ended by itself. */
async function leaveUnloaded(raw: RawStdio, method: string): Promise<void> {
  await sleep(LOAD_TIME_MS);
  await raw.request(method);
  await leave(raw);
}

/** All that the process said until its client left. */
async function leave(raw: RawStdio): Promise<string> {
  raw.stdin.end();
  expect(await raw.exit()).toEqual({ code: 0, signal: null });
  return raw.stderr.text();
}

describe("A built server over stdio", () => {
  it("answers initialize and ping, and loads nothing for it", async () => {
    const raw = start(deadly, "legacy");
    expect(resultOf(await raw.request("initialize", initializeParams))).toMatchObject({
      serverInfo: { name: "prepared-server" },
    });
    raw.notify("notifications/initialized");
    await raw.request("ping");
    raw.notify("notifications/cancelled", { requestId: 1 });
    await leaveUnloaded(raw, "ping");
  });

  it("answers server/discover, and loads nothing for it", async () => {
    const raw = start(deadly, "modern");
    const { supportedVersions } = resultOf(await raw.request("server/discover"));
    expect(supportedVersions).toEqual([MODERN_VERSION]);
    await leaveUnloaded(raw, "server/discover");
  });

  it.each(["legacy", "modern"] as const)(
    "lists its tools before the server is there (%s), and loads it then",
    async (era) => {
      const raw = start(blocked, era, { READ_ONLY: "true" });
      if (era === "legacy") await raw.request("initialize", initializeParams);
      const tools = toolNames(resultOf(await raw.request("tools/list")));
      expect(tools).toContain("say_plain");
      expect(tools).not.toContain("say_written");
      expect(await raw.stderr.find((line) => line === LOADED, "The load")).toBe(LOADED);
      // and goes on answering while it loads
      expect(toolNames(resultOf(await raw.request("tools/list")))).toEqual(tools);
    },
  );

  it("answers calls that come while it loads in their order, and drops the cancelled ones", async () => {
    const raw = start(whole, "legacy", { LOAD_MS: "150" });
    const call = (id: number, name = "say_plain") =>
      frame({ id, method: "tools/call", params: { name, arguments: { count: id } } });
    raw.write(
      frame({ id: 1, method: "initialize", params: initializeParams }) +
        frame({ method: "notifications/initialized" }) +
        call(2) +
        call(3) +
        frame({ id: 4, method: "resources/list" }) +
        frame({ id: 5, method: "prompts/list" }) +
        frame({ method: "notifications/cancelled", params: { requestId: 3 } }) +
        frame({ method: "notifications/cancelled", params: { requestId: 5 } }) +
        call(6),
    );
    await Promise.all([2, 4, 6].map((id) => raw.answer(id)));
    const stderr = await leave(raw);
    expect(stderr).toContain("ran say_plain 2");
    expect(stderr).not.toContain("ran say_plain 3");
    const answered: unknown[] = raw.stdout.all.map((line) => JSON.parse(line).id);
    expect(answered).not.toContain(3);
    expect(answered).not.toContain(5);
    expect(answered.filter((id) => id === 2 || id === 6)).toEqual([2, 6]);
  });

  it("runs a call once that is the very first message", async () => {
    const raw = start(whole, "modern");
    const input = { name: "say_plain", arguments: { count: 7 } };
    expect(resultOf(await raw.request("tools/call", input))).toMatchObject({
      structuredContent: { count: 7 },
    });
    // the SDK takes over, and is told of the beginning
    expect(resultOf(await raw.request("resources/list"))).toMatchObject({ resultType: "complete" });
    const stderr = await leave(raw);
    expect(stderr.match(/ran say_plain 7/g)).toHaveLength(1);
    expect(raw.stdout.all).toHaveLength(2);
  });

  it("asks the user of a client of 2025 that said hello before it was loaded", async () => {
    const raw = start(whole, "legacy");
    await raw.request("initialize", { ...initializeParams, capabilities: { elicitation: {} } });
    raw.notify("notifications/initialized");
    const id = raw.begin("tools/call", { name: "ask_user", arguments: {} });
    const line = await raw.stdout.find(
      (text) => text.includes("elicitation/create"),
      "The question",
    );
    const content = { choice: "this" };
    raw.write(frame({ id: JSON.parse(line).id, result: { action: "accept", content } }));
    expect(resultOf(await raw.answer(id))).toMatchObject({
      structuredContent: { answer: { action: "accept", content } },
    });
    // once up to the question and once with its answer, each time knowing who asks
    const stderr = await leave(raw);
    expect(stderr.match(/ran ask_user for contract-suite/g)).toHaveLength(2);
  });

  it("reports all that is wrong with its environment at the start, and nothing on stdout", async () => {
    const raw = start(whole, "modern", { READ_ONLY: "maybe", PORT: "x", TOOLSETS: "nope" });
    expect(await raw.exit()).toEqual({ code: 1, signal: null });
    for (const name of ["READ_ONLY", "PORT", "TOOLSETS"]) expect(raw.stderr.text()).toContain(name);
    expect(raw.stdout.text()).toBe("");
  });

  it("checks at the start what only its configuration can judge, and then starts", async () => {
    const raw = start(whole, "modern", { READ_ONLY: "yes", PORT: "80" });
    const tools = toolNames(resultOf(await raw.request("tools/list")));
    expect(tools).not.toContain("say_written");
    expect(raw.stderr.text()).toContain(LOADED);
  });

  it("ends with the reason when the server cannot be loaded", async () => {
    const raw = start(broken, "modern");
    await raw.request("server/discover");
    raw.begin("tools/call", { name: "say_plain", arguments: {} });
    expect(await raw.exit()).toEqual({ code: 1, signal: null });
    expect(raw.stderr.text()).toContain("cannot be loaded");
  });
});
