import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { Activity } from "../src/activity/activity.ts";
import { Counts, OUTCOMES } from "../src/activity/counts.ts";
import { BOUNDS_MS, Histogram } from "../src/activity/histogram.ts";
import { Ring } from "../src/activity/ring.ts";
import { SERIES_SECONDS, Series } from "../src/activity/series.ts";
import { ensureBuilt } from "./shared/testing/build.ts";
import { rpc, send, startGuarded } from "./support/access.ts";

beforeAll(() => ensureBuilt(), 60_000);

describe("the books", () => {
  it("a histogram has each duration in its bucket, and tells shares of them", () => {
    const durations = new Histogram();
    expect(durations.quantile(0.5)).toBeNull();
    for (const bound of BOUNDS_MS) durations.observe(bound);
    durations.observe(1e9);
    expect([...durations.buckets]).toEqual(Array.from({ length: BOUNDS_MS.length + 1 }, () => 1));
    const even = new Histogram();
    for (let call = 0; call < 100; call++) even.observe(call < 90 ? 3 : 80);
    expect(even.quantile(0.5)).toBeGreaterThan(2.5);
    expect(even.quantile(0.5)).toBeLessThanOrEqual(5);
    expect(even.quantile(0.95)).toBeGreaterThan(50);
    expect(even.quantile(0.95)).toBeLessThanOrEqual(100);
  });

  it("a ring keeps the last, oldest first", () => {
    const ring = new Ring<number>(3);
    for (const item of [1, 2]) ring.push(item);
    expect(ring.list()).toEqual([1, 2]);
    for (const item of [3, 4, 5]) ring.push(item);
    expect(ring.list()).toEqual([3, 4, 5]);
  });

  it("a series has each second, also those without calls, and forgets the old ones", () => {
    const series = new Series();
    const start = 1_700_000_000;
    series.add(start * 1_000, 10, false);
    series.add(start * 1_000 + 999, 20, true);
    const list = series.list((start + 2) * 1_000, 3);
    expect(list.map(({ at, calls, errors }) => [at - start, calls, errors])).toEqual([
      [-1, 0, 0],
      [0, 2, 1],
      [1, 0, 0],
    ]);
    series.add((start + SERIES_SECONDS) * 1_000, 1, false);
    expect(series.list((start + 1) * 1_000, 1)[0]?.calls, "its place was taken").toBe(0);
  });

  it("a server that is mounted no longer is forgotten", () => {
    const activity = new Activity();
    expect(activity.countsOf("a", "tools/call", "x")).toBeInstanceOf(Counts);
    activity.mountIs("a", "ready", undefined);
    activity.mountIs("a", "ready", undefined);
    expect(activity.recentEvents()).toHaveLength(1);
    activity.forget("a");
    expect([...activity.all()]).toEqual([]);
    expect(activity.stateSince("a")).toBeUndefined();
  });
});

describe("/metrics", () => {
  it("counts what was called, how it ended and how long it took, by names that there are", async () => {
    const { gateway } = await startGuarded({ gateway: { access: undefined } });
    const call = (path: string, name: string, era: "modern" | "legacy" = "modern") =>
      rpc(gateway, path, undefined, "tools/call", { name, arguments: {} }, { era });
    await rpc(gateway, "/alpha/mcp", undefined, "tools/call", {
      name: "see",
      arguments: { city: "Rome" },
    });
    await call("/alpha/mcp", "see", "legacy");
    await call("/mcp", "alpha__see");
    await send(gateway, "/alpha/tools/see", { method: "POST" });
    await call("/alpha/mcp", "fail");
    await call("/alpha/mcp", "made-up-by-a-caller");
    await call("/mcp", "alpha__made-up-by-a-caller");
    await rpc(gateway, "/alpha/mcp", undefined, "resources/read", { uri: "note://one" });
    const { text, headers } = await send(gateway, "/metrics");
    expect(headers.get("content-type")).toContain("version=0.0.4");
    const value = (line: string) =>
      text
        .split("\n")
        .find((one) => one.startsWith(`${line} `))
        ?.split(" ")[1];
    const see = 'server="alpha",tool="see"';
    expect(value(`mcp_tool_calls_total{${see},outcome="ok",era="modern"}`)).toBe("3");
    expect(value(`mcp_tool_calls_total{${see},outcome="ok",era="legacy"}`)).toBe("1");
    expect(
      value('mcp_tool_calls_total{server="alpha",tool="fail",outcome="tool_error",era="modern"}'),
    ).toBe("1");
    expect(value(`mcp_tool_duration_seconds_count{${see}}`)).toBe("4");
    expect(value(`mcp_tool_duration_seconds_bucket{${see},le="+Inf"}`)).toBe("4");
    expect(value('mcp_requests_total{server="alpha",method="tools/call",outcome="ok"}')).toBe("4");
    expect(value('mcp_requests_total{server="alpha",method="resources/read",outcome="ok"}')).toBe(
      "1",
    );
    expect(value('mcp_mount_up{server="beta",state="ready"}')).toBe("1");
    expect(value(`mcp_tool_request_characters_total{${see}}`)).toBe(String("cityRome".length));
    expect(Number(value(`mcp_tool_response_characters_total{${see}}`))).toBeGreaterThan(100);
    expect(value("mcp_inflight")).toBe("0");
    expect(value("mcp_listen_streams")).toBe("0");
    expect(value("process_resident_memory_bytes")).toMatch(/^\d+$/);
    expect(value("nodejs_eventloop_lag_p99_seconds")).toBeDefined();
    expect(text).not.toContain("made-up");
    const buckets = [
      ...text.matchAll(/mcp_tool_duration_seconds_bucket\{[^}]*tool="see"[^}]*\} (\d+)/g),
    ];
    const counts = buckets.map(([, count]) => Number(count));
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
  });

  it("and /load tell how busy it is", async () => {
    const { gateway } = await startGuarded({ gateway: { access: undefined } });
    const { json } = await send(gateway, "/load");
    expect(json).toMatchObject({
      callsInFlight: 0,
      rssBytes: expect.any(Number),
      heapUsedBytes: expect.any(Number),
      advice: expect.stringMatching(/^(up|steady|down)$/),
    });
    expect(json.eventLoopUtilization).toBeGreaterThanOrEqual(0);
    expect(json.eventLoopUtilization).toBeLessThanOrEqual(1);
    const waiting = rpc(gateway, "/alpha/mcp", undefined, "tools/call", {
      name: "wait",
      arguments: { ms: 60_000 },
    });
    waiting.catch(() => {}); // the end of the gateway ends it
    await expect.poll(async () => (await send(gateway, "/load")).json.callsInFlight).toBe(1);
  });
});

it.each(["grafana-dashboard.json", "alerts.yaml"])(
  "monitoring/%s asks for metrics that there are",
  async (file) => {
    const { gateway } = await startGuarded({ gateway: { access: undefined } });
    await rpc(gateway, "/alpha/mcp", undefined, "tools/call", { name: "see", arguments: {} });
    const { text } = await send(gateway, "/metrics");
    const known = new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name));
    const content = await readFile(join("monitoring", file), "utf8");
    const expressions =
      file === "alerts.yaml"
        ? [...content.matchAll(/expr: (\|\n(?: {10,}.*\n)+|.*)/g)].map(
            ([, expression]) => expression,
          )
        : JSON.parse(content).panels.flatMap(({ targets }: { targets: { expr: string }[] }) =>
            targets.map(({ expr }) => expr),
          );
    expect(expressions.length).toBeGreaterThan(8);
    for (const expression of expressions) {
      const names = [...String(expression).matchAll(/\b(?:mcp|process|nodejs)_\w+/g)].map(
        ([name]) => name,
      );
      expect(names.length, expression).toBeGreaterThan(0);
      for (const name of names)
        expect([...known], expression).toContain(name.replace(/_bucket$/, ""));
      for (const [, outcome = ""] of String(expression).matchAll(/outcome=~?"([^"]+)"/g))
        for (const one of outcome.split("|")) expect(OUTCOMES).toContain(one);
    }
  },
);

it("the state has what operators look at, and no arguments", async () => {
  const { gateway } = await startGuarded({ gateway: { access: undefined } });
  const secret = "argument-of-a-caller";
  await rpc(gateway, "/alpha/mcp", undefined, "tools/call", {
    name: "see",
    arguments: { text: secret },
  });
  const { json, text } = await send(gateway, "/admin/api/state");
  expect(json.servers).toMatchObject([
    { name: "alpha", state: "ready", tools: 5, calls: 1, errors: 0, restarts: 0 },
    { name: "beta", state: "ready", calls: 0, p50Ms: null },
  ]);
  expect(json.calls).toMatchObject([
    { server: "alpha", tool: "see", surface: "mcp", outcome: "ok" },
  ]);
  expect(json.events.map(({ kind }: { kind: string }) => kind)).toContain("mount.state");
  expect(json.series.length).toBeGreaterThan(100);
  expect(text).not.toContain(secret);
});

it("the stream sends the state each second until its reader leaves", async () => {
  const { gateway } = await startGuarded({ gateway: { access: undefined } });
  const leaving = new AbortController();
  const response = await fetch(new URL("/admin/api/stream", gateway.url), {
    signal: leaving.signal,
  });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.split("\n\n").length > 3) break;
  }
  leaving.abort();
  const states = text
    .split("\n\n")
    .slice(0, 3)
    .map((event) => JSON.parse(event.split("\ndata: ")[1] ?? "{}"));
  expect(states.map(({ series }) => series.length)).toEqual([119, 3, 3]);
});
