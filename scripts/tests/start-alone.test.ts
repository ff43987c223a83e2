import { once } from "node:events";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { repositoryRoot } from "../lib/projects.ts";
import { ALONE, LEGACY_FILE, LEGACY_SERVERS, startAlone } from "../lib/start-alone.ts";
import { readToolsLock, shownTools } from "../lib/tools-lock.ts";
import {
  callCore,
  listeningOf,
  openStub,
  rpc,
  SLOW_MS,
  startScript,
} from "./support/make-start.ts";

const lockOf = (name: string) => readToolsLock(join(repositoryRoot, "servers", name));

describe("the two servers for Make", () => {
  test("have no two tools of one name, so that both together are a plain union", () => {
    const names = ALONE.both.flatMap((name) => lockOf(name).tools.map((tool) => tool.name));
    expect(new Set(names).size).toBe(names.length);
  });

  test("are both named in the legacy file, without a prefix, with every tool", () => {
    const file = join(repositoryRoot, LEGACY_FILE);
    const { mcpServers } = JSON.parse(readFileSync(file, "utf8")) as {
      mcpServers: Record<string, { package: string }>;
    };
    const folders = Object.values(mcpServers).map((entry) => resolve(dirname(file), entry.package));
    expect(folders).toEqual(LEGACY_SERVERS.map((name) => join(repositoryRoot, "servers", name)));
    for (const entry of Object.values(mcpServers))
      expect(entry).toMatchObject({ prefix: "", isolation: "process", env: { TOOLSETS: "all" } });
  });
});

test("--both runs each in a process of its own: when analytics is stopped or killed, core answers as before", {
  timeout: SLOW_MS,
}, async () => {
  const started = startScript(["--both"], await openStub());
  const { child, line } = started;
  const { core, analytics } = await listeningOf(started);
  const [, pid = ""] = await line(/make-analytics-server runs as process (\d+)/);
  const before = await callCore(core);
  expect(before).toMatchObject({ structuredContent: { data: { total: 12 } } });
  expect(await rpc(analytics, "tools/list", {})).toHaveProperty("tools");

  process.kill(Number(pid), "SIGSTOP");
  expect(await callCore(core)).toEqual(before);
  process.kill(Number(pid), "SIGKILL");
  await line(/make-analytics-server ended with SIGKILL/);
  expect(await callCore(core)).toEqual(before);

  child.kill("SIGTERM");
  await once(child, "exit");
});

test("--legacy is one endpoint with all tools of both under their own names", {
  timeout: SLOW_MS,
}, async () => {
  const { line } = startScript(["--legacy"], await openStub());
  const [, base = ""] = await line(/"url":"([^"]+\/mcp)"/);
  await line(/ready +make-core /);
  await line(/ready +make-analytics /);
  const { tools } = (await rpc(base, "tools/list", {})) as { tools: { name: string }[] };
  const env = { TOOLSETS: "all", MAKE_WRITES: "true" };
  const expected = LEGACY_SERVERS.flatMap((name) => shownTools(lockOf(name), env));
  expect(tools.map(({ name }) => name).sort()).toEqual(expected.map(({ name }) => name).sort());
  expect(await callCore(base)).toMatchObject({ structuredContent: { data: { total: 12 } } });
});

test("a server that is missing is named, and nothing starts", async () => {
  const names = ["make-core-server", "no-such-server"];
  const started = startAlone({ root: repositoryRoot, names, write: () => {} });
  await expect(started).rejects.toThrow("There is no no-such-server");
});
