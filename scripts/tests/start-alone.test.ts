import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, test } from "vitest";
import { type MakeStub, startMakeStub } from "../../shared/make-stub/stub.ts";
import { repositoryRoot } from "../lib/projects.ts";
import { ALONE, LEGACY_FILE, LEGACY_SERVERS, startAlone } from "../lib/start-alone.ts";
import { readToolsLock, shownTools } from "../lib/tools-lock.ts";

/** Builds the servers first. */
const SLOW_MS = 120_000;

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Started {
  child: ChildProcess;
  lines: string[];
  /** The first line of stdout or stderr that fits, also of those that came before. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
}

/** `pnpm start` with these options, on free ports, asking a stub of Make. */
function startScript(argv: readonly string[], stub: MakeStub): Started {
  const folder = mkdtempSync(join(tmpdir(), "make-start-"));
  const script = join(repositoryRoot, "scripts", "start.ts");
  const env = { ...process.env, ...stub.env, MAKE_BUDGET_DIR: folder, MAKE_WRITES: "true" };
  const child = spawn(process.execPath, ["--import", "tsx", script, "--", ...argv, "--port", "0"], {
    cwd: repositoryRoot,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  ends.push(async () => {
    child.kill("SIGTERM");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    rmSync(folder, { recursive: true, force: true });
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      for (const look of waiting) look();
    });
  const line = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((done, failed) => {
      const look = () => {
        const found = lines.map((each) => pattern.exec(each)).find((match) => match !== null);
        if (!found) return;
        waiting.delete(look);
        done(found);
      };
      waiting.add(look);
      child.once("close", () => failed(new Error(`no ${pattern}: ${lines.join("\n")}`)));
      look();
    });
  return { child, lines, line };
}

async function rpc(url: string, method: string, params: object): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const text = await response.text();
  const json = text.startsWith("{") ? text : (/^data: (.*)$/m.exec(text)?.[1] ?? "");
  return (JSON.parse(json) as { result: Record<string, unknown> }).result;
}

const callCore = (url: string) =>
  rpc(url, "tools/call", { name: "scenarios_list", arguments: { limit: 3 } });

async function openStub(): Promise<MakeStub> {
  const stub = await startMakeStub();
  ends.push(() => stub.close());
  return stub;
}

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
  const { child, line } = startScript(["--both"], await openStub());
  const listening = (name: string) =>
    line(new RegExp(`"server":"${name}".*"url":"([^"]+)".*"listening"`));
  const [core, analytics] = [
    await listening("make-core-server"),
    await listening("make-analytics-server"),
  ];
  const [, pid = ""] = await line(/make-analytics-server runs as process (\d+)/);
  const before = await callCore(core[1] ?? "");
  expect(before).toMatchObject({ structuredContent: { data: { total: 12 } } });
  expect(await rpc(analytics[1] ?? "", "tools/list", {})).toHaveProperty("tools");

  process.kill(Number(pid), "SIGSTOP");
  expect(await callCore(core[1] ?? "")).toEqual(before);
  process.kill(Number(pid), "SIGKILL");
  await line(/make-analytics-server ended with SIGKILL/);
  expect(await callCore(core[1] ?? "")).toEqual(before);

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
