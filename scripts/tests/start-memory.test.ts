import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import type { StubAnswer, StubOptions } from "../../shared/make-stub/stub.ts";
import { repositoryRoot } from "../lib/projects.ts";
import { LEGACY_FILE } from "../lib/start-alone.ts";
import {
  callCore,
  listeningOf,
  openStub,
  rpc,
  SLOW_MS,
  startScript,
} from "./support/make-start.ts";
import { tempFolder } from "./support/temp-folder.ts";

/** Enough to start and to answer, and soon full. */
const HEAP_MB = 96;
const ROWS = 100;
/** Of one row; a page stays under what a client takes of one answer. */
const ROW_BYTES = 50_000;

/** A Make whose logs have no end, and rows that are kept with all they hold. */
const endlessLogs: NonNullable<StubOptions["intercept"]> = ({ path, query }) => {
  if (!path.endsWith("/logs")) return undefined;
  const last = Number.parseInt(query.get("pg[last]") ?? String(Date.now()), 10);
  const rows = Array.from({ length: ROWS }, (_, index) => row(last - 1 - index));
  const answer: StubAnswer = {
    body: { scenarioLogs: rows, pg: { limit: ROWS, last: rows.at(-1)?.imtId } },
  };
  return answer;
};

const row = (at: number) => ({
  imtId: `${at}_x`,
  id: String(at),
  timestamp: new Date(at).toISOString(),
  status: 1,
  duration: 1,
  note: "x".repeat(ROW_BYTES),
});

/** Reads more than the heap holds; what becomes of the call does not matter. */
const fillMemory = (url: string) =>
  rpc(url, "tools/call", {
    name: "performance_summary",
    arguments: { maxRuns: 5_000, maxCalls: 10_000 },
  }).catch(() => undefined);

const OUT_OF_MEMORY = /JavaScript heap out of memory/;

test("--both: when analytics dies for want of memory, core answers as before", {
  timeout: SLOW_MS,
}, async () => {
  const stub = await openStub({ intercept: endlessLogs });
  const started = startScript(["--both"], stub, {
    NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}`,
    TOOLSETS: "all",
  });
  const { core, analytics } = await listeningOf(started);
  const before = await callCore(core);
  expect(before).toMatchObject({ structuredContent: { data: { total: 12 } } });

  const dying = fillMemory(analytics);
  expect(await callCore(core)).toEqual(before);
  await started.line(OUT_OF_MEMORY);
  await started.line(/make-analytics-server ended with SIG/);
  await dying;
  expect(await callCore(core)).toEqual(before);
  await expect(rpc(analytics, "tools/list", {})).rejects.toThrow();
});

test("--legacy: when analytics dies for want of memory, core answers as before, and it comes back", {
  timeout: SLOW_MS,
}, async () => {
  const stub = await openStub({ intercept: endlessLogs });
  const started = startScript(["--legacy", "--config", legacyWithLittleMemory()], stub);
  const [, url = ""] = await started.line(/"url":"([^"]+\/mcp)"/);
  await started.line(/ready +make-core /);
  await started.line(/ready +make-analytics /);
  const before = await callCore(url);
  expect(before).toMatchObject({ structuredContent: { data: { total: 12 } } });

  const dying = fillMemory(url);
  expect(await callCore(url)).toEqual(before);
  await started.line(/backoff +make-analytics .*SIG.*JavaScript heap out of memory/);
  expect(await callCore(url)).toEqual(before);
  expect(await dying).toMatchObject({ isError: true });
  expect(await callCore(url)).toEqual(before);

  const restarted = () => started.lines.filter((each) => /ready +make-analytics /.test(each));
  await expect.poll(restarted, { timeout: SLOW_MS / 2 }).toHaveLength(2);
  started.child.kill("SIGTERM");
  await once(started.child, "exit");
});

/** The legacy file as it is, but for the heap of analytics. */
function legacyWithLittleMemory(): string {
  const file = join(repositoryRoot, LEGACY_FILE);
  const config = JSON.parse(readFileSync(file, "utf8")) as {
    mcpServers: Record<string, { package: string; memoryMb?: number }>;
  };
  for (const [name, entry] of Object.entries(config.mcpServers)) {
    entry.package = resolve(dirname(file), entry.package);
    if (name === "make-analytics") entry.memoryMb = HEAP_MB;
  }
  const copy = join(tempFolder({}), "gateway.json");
  writeFileSync(copy, JSON.stringify(config));
  return copy;
}
