import { expect, test } from "vitest";
import { exampleCall, exampleOf } from "../bench/lib/example-call.ts";
import { gatewayTables } from "../bench/lib/gateway-table.ts";
import { interleave, orderOf } from "../bench/lib/interleave.ts";
import { filesIn } from "../bench/lib/loaded-files.ts";
import { commandLine } from "../bench/lib/machine.ts";
import { growthOf } from "../bench/lib/memory-run.ts";
import { satisfies } from "../bench/lib/peer.ts";
import { figure, renderReport, times } from "../bench/lib/report.ts";
import { summarize } from "../bench/lib/start-table.ts";
import {
  least,
  median,
  pairedDifference,
  pairedRatio,
  percentile,
  ratio,
  slope,
} from "../bench/lib/stats.ts";
import { DIRECT, PLAIN, PRODUCTION } from "../bench/targets/gateway.ts";
import { FLOOR } from "../bench/targets/http.ts";
import { renderBenchPage, renderBenchSummary } from "../lib/generate/bench-page.ts";

const tell = () => {};

test("takes the middle of samples in any order, and what lies between two", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([10, 2, 4, 1])).toBe(3);
  expect(percentile([10, 20, 30, 40, 50], 0.95)).toBeCloseTo(48);
  expect(least([3, 2])).toBe(2);
  expect([median([]), least([])]).toEqual([Number.NaN, Number.NaN]);
});

test("compares with the floor, and says nothing when there is none", () => {
  expect(ratio(6, 4)).toBe(1.5);
  expect([ratio(6, 0), ratio(6, Number.NaN)]).toEqual([Number.NaN, Number.NaN]);
  expect([times(Number.NaN), times(undefined), times(1.234)]).toEqual(["-", "-", "1.23 x"]);
  expect([0.5, 12.34, 1234.5].map(figure)).toEqual(["0.50", "12.3", "1235"]);
});

test("compares what was measured in the same rounds, so that a slow while changes no ratio", () => {
  expect(pairedRatio([20, 200, 22], [10, 100, 10])).toBe(2);
  expect(pairedDifference([20, 200, 23], [10, 190, 10])).toBe(10);
  expect([pairedRatio([], []), pairedDifference([1], [])]).toEqual([Number.NaN, Number.NaN]);
});

test("says beside the gateways what production adds to a call", () => {
  const one = (target: string, cpuRounds: number[]) => ({
    ...{ target, cpuRounds, cpuUs: median(cpuRounds), tools: 1, method: "tools/call" },
    ...{ era: "2025" as const, concurrency: 16, perSecond: 1, p50Ms: 1, p95Ms: 1 },
    ...{ processes: 1, rssMb: 1 },
  });
  const tables = gatewayTables([
    one(FLOOR, [20, 40]),
    one(DIRECT, [30, 60]),
    one(PLAIN, [40, 80]),
    one(PRODUCTION, [50, 90]),
  ]);
  expect(tables[0]?.rows.map(([way, floor, direct]) => [way, floor, direct])).toEqual([
    [FLOOR, "1.00 x", "0.67 x"],
    [DIRECT, "1.50 x", "1.00 x"],
    [PLAIN, "2.00 x", "1.33 x"],
    [PRODUCTION, "2.38 x", "1.58 x"],
  ]);
  expect(tables[1]?.rows).toEqual([["16 at once, client of 2025-11-25", "10.0", "1.19 x"]]);
});

test("fits a line through points", () => {
  expect(
    slope([
      [0, 5],
      [10, 25],
      [20, 45],
    ]),
  ).toBeCloseTo(2);
  expect(slope([[1, 1]])).toBeNaN();
});

test("measures growth from the first tenth on, for each 1,000", () => {
  const points = Array.from({ length: 20 }, (_, index) => ({
    count: (index + 1) * 500,
    rssKb: index === 0 ? 0 : 90_000,
    heapKb: 1_000 + (index + 1) * 10,
  }));
  expect(growthOf(points)).toMatchObject({ count: 10_000, rssKb: 0, heapKb: 180 });
  expect(growthOf(points).heapPerThousandKb).toBeCloseTo(20);
  expect(growthOf(points).rssPerThousandKb).toBeCloseTo(0);
});

test("summarizes starts by medians and their ratio to the floor of the same run", () => {
  const start = (listMs: number, failed = false) => ({
    ...{ listMs, callMs: listMs * 2, listCpuMs: listMs, callCpuMs: listMs, peakMb: 40 },
    failed,
  });
  const samples = new Map([
    ["floor", [start(20), start(10), start(90)]],
    ["ours", [start(30, true), start(30), start(400)]],
  ]);
  expect(summarize(samples, "floor")).toMatchObject([
    { name: "floor", listMs: 20, listRatio: 1, failed: false },
    { name: "ours", listMs: 30, listRatio: 1.5, callRatio: 1.5, failed: true },
  ]);
});

test("measures in turns, in one order after another, and leaves out what fails", async () => {
  const order: string[] = [];
  const subjects = [{ name: "a" }, { name: "b" }, { name: "c" }];
  const result = await interleave(
    subjects,
    { rounds: 3, maxSeconds: 60, tell },
    async ({ name }) => {
      order.push(name);
      if (name === "b" && order.length > 3) throw new Error("broke\nat a line");
      return order.length;
    },
  );
  expect(order.join("")).toBe("abccbaca");
  expect(result.skipped).toEqual([{ name: "b", reason: "broke" }]);
  expect([...result.samples.keys()]).toEqual(["a", "c"]);
});

test("measures each so many times a round, in turn with the others", async () => {
  const order: string[] = [];
  const subjects = ["a", "b"].map((name) => ({ name }));
  const limits = { rounds: 2, turns: 3, maxSeconds: 60, tell };
  const { samples, rounds } = await interleave(subjects, limits, async ({ name }) =>
    order.push(name),
  );
  expect(order.join("")).toBe("abbabaababba");
  expect(rounds).toBe(2);
  expect(samples.get("a")).toHaveLength(6);
});

test("brings three into every order in six turns", () => {
  const orders = [0, 1, 2, 3, 4, 5].map((turn) => orderOf(["a", "b", "c"], turn).join(""));
  expect(orders.sort()).toEqual(["abc", "acb", "bac", "bca", "cab", "cba"]);
});

test("begins no round after its time, but does the first", async () => {
  const limits = { rounds: 5, maxSeconds: 0, tell };
  const { rounds } = await interleave([{ name: "a" }], limits, async () => 1);
  expect(rounds).toBe(1);
});

test("names a Node by its version, not by its place", () => {
  const argv = ["--runs", "3", "--node", process.execPath];
  const line = `pnpm bench start --runs 3 --node node-${process.versions.node}`;
  expect(commandLine("start", argv)).toBe(line);
});

test("shows kept figures in one order, and of starts and HTTP the columns that matter", () => {
  const at = { date: "2026-01-02T03:04:05.000Z", machine: "2 cores", nodes: ["24.0.0"], notes: [] };
  const report = (name: string) => ({
    ...{ ...at, name, command: `pnpm bench ${name}`, skipped: [], data: {} },
    tables: [
      {
        title: name,
        head: ["server", "ms", "list, x floor", "CPU at 16, x floor"],
        rows: [["a", "7", "1.10 x", "1.50 x"]],
      },
    ],
  });
  const page = renderBenchPage([report("start"), report("other")]);
  expect(page.indexOf("## bench start")).toBeLessThan(page.indexOf("## bench other"));
  const summary = renderBenchSummary([report("other"), report("start"), report("http")]);
  expect(summary.match(/1\.[15]0 x/g)).toEqual(["1.10 x", "1.50 x"]);
  expect(summary).not.toContain("| 7 ");
  expect(summary).toContain("2026-01-02, Node 24.0.0, 2 cores, `pnpm bench start`");
  expect(renderBenchSummary([])).toContain("Nothing was kept");
});

test("renders a report with its tables and what was skipped", () => {
  const report = {
    ...{ name: "start", command: "pnpm bench start", nodes: ["20.0.0"], notes: ["medians"] },
    skipped: [{ name: "peer", reason: "is not installed" }],
    tables: [
      { title: "Starts", head: ["server", "ms"], rows: [["a|b", "1"]] },
      { title: "Nothing", head: ["server"], rows: [] },
    ],
    data: {},
    ...{ date: "2026-01-02T03:04:05.000Z", machine: "2 cores" },
  };
  const text = renderReport(report);
  expect(text).toContain("- Date: 2026-01-02 03:04 UTC\n- Command: `pnpm bench start`");
  expect(text).toContain("- Machine: 2 cores");
  expect(text).toMatch(/### Starts\n\n\| server +\| ms +\|/);
  expect(text).toContain("a\\|b");
  expect(text).toContain("### Skipped\n\n- peer: is not installed");
  expect(text).not.toContain("Nothing");
});

test("makes the smallest arguments that a schema allows", () => {
  const inputSchema = {
    type: "object",
    properties: {
      name: { type: "string", minLength: 3 },
      count: { type: "integer", minimum: 2 },
      kind: { enum: ["x", "y"] },
      list: { type: "array", minItems: 1, items: { type: "boolean" } },
      optional: { type: "string" },
    },
    required: ["name", "count", "kind", "list"],
  };
  expect(exampleOf(inputSchema)).toEqual({ name: "aaa", count: 2, kind: "x", list: [true] });
});

test("prefers a tool that only reads", () => {
  const tool = (name: string, readOnlyHint: boolean) => ({ name, annotations: { readOnlyHint } });
  expect(exampleCall("x", [tool("write", false), tool("read", true)]).name).toBe("read");
  expect(exampleCall("x", [tool("write", false)])).toEqual({ name: "write", arguments: {} });
  expect(() => exampleCall("x", [])).toThrow("lists no tool");
});

test("knows which Node a peer wants", () => {
  expect(satisfies("20.20.2", ">=22.5.0")).toBe(false);
  expect(satisfies("22.5.0", ">=22.5.0")).toBe(true);
  expect(satisfies("24.1.0", ">=22.5")).toBe(true);
  expect(satisfies("22.4.9", ">= 22.5.0")).toBe(false);
  expect(satisfies("20.0.0", "^18 || ^20")).toBe(true);
});

test("counts the files in a coverage report once, without what Node has inside", () => {
  const urls = ["node:fs", "file:///a.js", "file:///a.js", "file:///b.js", "evalmachine"];
  expect(filesIn({ result: urls.map((url) => ({ url })) })).toBe(2);
  expect(filesIn({})).toBe(0);
});
