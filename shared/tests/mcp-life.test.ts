import { describe, expect, test } from "vitest";
import type { JsonObject } from "#shared/core/contract.ts";
import { ERAS, headersFor, paramsFor, parseMessage } from "#shared/testing/messages.ts";
import { startProcess } from "#shared/testing/process.ts";
import { speak } from "#shared/testing/stdio.ts";
import { HOOK_MS, until } from "#shared/testing/within.ts";
import { logged, probeProcess, startProbeHttp, startProbeStdio } from "./support/probe.ts";

const posix = process.platform !== "win32";
const waitFor = (ms: number, label: string): JsonObject => ({
  name: "wait",
  arguments: { ms, label },
});
const LONG_MS = 60_000;
const SHORT_MS = 700;

describe.runIf(posix)("SIGTERM", () => {
  test.each(ERAS)("over stdio lets a running call end, then exits 0 (%s)", async (era) => {
    const raw = await startProbeStdio({ era });
    const id = raw.begin("tools/call", waitFor(SHORT_MS, "a"));
    await logged(raw, "waiting");
    raw.signal("SIGTERM");
    expect(JSON.stringify(await raw.answer(id))).toContain("waited");
    expect(await raw.exit()).toEqual({ code: 0, signal: null });
  });

  test.each(ERAS)("over HTTP lets a running call end, then exits 0 (%s)", async (era) => {
    const server = await startProbeHttp();
    const answer = server.request(era, "tools/call", waitFor(SHORT_MS, "a"));
    await logged(server, "waiting");
    server.signal("SIGTERM");
    expect(JSON.stringify(await answer)).toContain("waited");
    expect(await server.exit()).toEqual({ code: 0, signal: null });
  });

  test("over HTTP refuses new connections while it drains", async () => {
    const server = await startProbeHttp();
    server.request("modern", "tools/call", waitFor(LONG_MS, "a")).catch(() => {});
    await logged(server, "waiting");
    server.signal("SIGTERM");
    const refused = () =>
      server.ask("/health").then(
        () => false,
        (error: Error) => error.message.includes("ECONNREFUSED"),
      );
    await until(refused, "A connection was not refused; that");
    server.signal("SIGTERM");
    expect((await server.exit()).code, "it was there all the time").toBe(130);
  });

  test.each([
    ["stdio", (env: Record<string, string>) => startProbeStdio({ env })],
    ["HTTP", startProbeHttp],
  ])("a second one over %s ends the process at once", async (_, start) => {
    const server = await start({ LOG_LEVEL: "debug" });
    if ("begin" in server) server.begin("tools/call", waitFor(LONG_MS, "a"));
    else server.request("legacy", "tools/call", waitFor(LONG_MS, "a")).catch(() => {});
    await logged(server, "waiting");
    server.signal("SIGTERM");
    await logged(server, "stopping");
    server.signal("SIGTERM");
    expect(await server.exit()).toEqual({ code: 130, signal: null });
  });

  test.each([
    ["stdio", (env: Record<string, string>) => startProbeStdio({ env })],
    ["HTTP", startProbeHttp],
  ])("a service that does not close over %s is logged without its secrets", async (_, start) => {
    const PROBE_KEY = "hunter2secret";
    const server = await start({ PROBE_KEY });
    const params = { name: "open_broken", arguments: {} };
    await ("begin" in server
      ? server.request("tools/call", params)
      : server.request("legacy", "tools/call", params));
    server.signal("SIGTERM");
    expect(await server.exit()).toEqual({ code: 0, signal: null });
    expect(server.stderr.text()).toContain("cannot end a session of [secret]");
    expect(server.stderr.text()).not.toContain(PROBE_KEY);
  });

  const listen = { notifications: { toolsListChanged: true } };

  test("a client that listens for changes over HTTP does not hold the process", async () => {
    const server = await startProbeHttp();
    const params = paramsFor("modern", listen);
    const response = await fetch(server.url, {
      method: "POST",
      headers: headersFor("modern", "subscriptions/listen", params),
      body: JSON.stringify({ jsonrpc: "2.0", id: 7, method: "subscriptions/listen", params }),
    });
    await server.request("modern", "tools/call", { name: "change", arguments: {} });
    server.signal("SIGTERM");
    expect(await server.exit()).toEqual({ code: 0, signal: null });
    const stream = await response.text();
    expect(stream).toContain("notifications/tools/list_changed");
    expect(stream).toContain('"resultType":"complete"');
  });

  test("a client that listens for changes over stdio does not hold the process", async () => {
    const raw = await startProbeStdio({ era: "modern" });
    raw.begin("subscriptions/listen", listen);
    await raw.stdout.find((line) => line.includes("acknowledged"), "The acknowledgement");
    await raw.request("tools/call", { name: "change", arguments: {} });
    await raw.stdout.find((line) => line.includes("tools/list_changed"), "The change");
    raw.signal("SIGTERM");
    expect(await raw.exit()).toEqual({ code: 0, signal: null });
  });

  test("a malformed request does not hold the process", async () => {
    const raw = await startProbeStdio();
    raw.write(`${JSON.stringify({ jsonrpc: "2.0", id: 9, method: "tools/list", params: [] })}\n`);
    raw.write(`${JSON.stringify({ id: 10, method: "tools/list" })}\n`);
    await raw.request("ping");
    raw.signal("SIGTERM");
    expect(await raw.exit()).toEqual({ code: 0, signal: null });
  });
});

describe("the end of stdin", () => {
  test("ends the process; a short call is answered before", async () => {
    const raw = await startProbeStdio();
    const id = raw.begin("tools/call", waitFor(50, "a"));
    raw.stdin.end();
    expect(JSON.stringify(await raw.answer(id))).toContain("waited");
    expect(await raw.exit()).toEqual({ code: 0, signal: null });
  });

  test(
    "ends the process though a long call runs",
    async () => {
      const raw = await startProbeStdio();
      raw.begin("tools/call", waitFor(LONG_MS, "a"));
      await logged(raw, "waiting");
      raw.stdin.end();
      expect(await raw.exit()).toEqual({ code: 0, signal: null });
    },
    HOOK_MS,
  );

  test("and a signal after it end the process at once, though a call runs", async () => {
    const raw = await startProbeStdio({ env: { LOG_LEVEL: "debug" } });
    raw.begin("tools/call", waitFor(LONG_MS, "a"));
    await logged(raw, "waiting");
    raw.stdin.end();
    await logged(raw, "stopping");
    raw.signal("SIGTERM");
    expect(await raw.exit()).toEqual({ code: 130, signal: null });
  });

  test("before any message ends the process", async () => {
    const child = startProcess(probeProcess("stdio"));
    child.stdin.end();
    expect(await child.exit()).toEqual({ code: 0, signal: null });
    expect(child.stdout.text()).toBe("");
  });

  test("one printf is answered whole", async () => {
    const child = speak(startProcess(probeProcess("stdio")), "modern");
    const ids = [1, 2, 3].map(() =>
      child.begin("tools/call", { name: "echo", arguments: { value: "hi" } }),
    );
    child.stdin.end();
    for (const id of ids) expect(await child.answer(id)).toHaveProperty("result");
    expect(await child.exit()).toEqual({ code: 0, signal: null });
  });
});

test("a client that closes stdout ends the process without a crash", async () => {
  const raw = await startProbeStdio();
  raw.closeStdout();
  raw.begin("tools/call", { name: "big", arguments: { bytes: 200_000 } });
  raw.begin("tools/call", { name: "big", arguments: { bytes: 200_000 } });
  expect(await raw.exit()).toMatchObject({ code: 0 });
  expect(raw.stderr.text()).not.toMatch(/EPIPE|Unhandled|at Object/);
});

describe("noise on stdin is logged and the next request is answered", () => {
  const MEGABYTE = 1024 * 1024;
  test.each([
    ["1 MB of garbage", "x".repeat(MEGABYTE), "not a JSON-RPC message"],
    ["an 11 MB line", "x".repeat(11 * MEGABYTE), "a line longer than 10485760 bytes"],
    ["a list", "[1,2]", "not a JSON-RPC message"],
  ])("%s", async (_, line, reason) => {
    const raw = await startProbeStdio();
    raw.write(`${line}\n`);
    const id = raw.begin("ping");
    const warning = await logged(raw, "A line on stdin was skipped");
    expect(parseMessage(warning) ?? JSON.parse(warning)).toMatchObject({ level: "warn", reason });
    expect(warning.length).toBeLessThan(1000);
    expect(await raw.answer(id)).toHaveProperty("result");
    expect(raw.impurities()).toEqual([]);
  });
});

test.each(["legacy", "modern"] as const)(
  "a request of more than 10 MiB over stdio is refused by its id, and the next one answered: %s",
  async (era) => {
    const raw = await startProbeStdio({ era });
    const value = "x".repeat(11 * 1024 * 1024);
    const answer = await raw.request("tools/call", { name: "echo", arguments: { value } });
    expect(answer.error).toMatchObject({ message: expect.stringContaining("10485760 bytes") });
    expect(
      await raw.request("tools/call", { name: "echo", arguments: { value: "hi" } }),
    ).toHaveProperty("result");
  },
);

test.each(["http", "stdio"] as const)(
  "over %s every bad variable is named at once",
  async (entry) => {
    const env = { LOG_LEVEL: "loud", PROBE_LIMIT: "many", PROBE_KEY: "tiny-1", PORT: "0" };
    const child = startProcess({ ...probeProcess(entry), env });
    expect(await child.exit()).toMatchObject({ code: 1 });
    const said = child.stderr.text();
    for (const name of ["LOG_LEVEL", "PROBE_LIMIT", "PROBE_KEY"]) expect(said).toContain(name);
    expect(said).not.toContain("tiny-1");
    expect(said).not.toMatch(/\n\s+at /);
  },
);
