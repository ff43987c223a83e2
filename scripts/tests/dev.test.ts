import type { ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { repositoryRoot } from "../lib/projects.ts";
import { killGroup, spawnGroup } from "../lib/run.ts";
import { writeFiles } from "./support/temp-folder.ts";
import { tempRepository } from "./support/temp-repository.ts";

const url = (path: string) => JSON.stringify(pathToFileURL(join(repositoryRoot, path)).href);
const tsx = pathToFileURL(join(repositoryRoot, "node_modules/tsx/dist/loader.mjs")).href;

const runner = (entry: string) => `
  import { dev } from ${url("scripts/lib/dev.ts")};
  import { findProjects } from ${url("scripts/lib/projects.ts")};
  import { stopChildrenOnSignal } from ${url("scripts/lib/run.ts")};
  stopChildrenOnSignal();
  const root = import.meta.dirname;
  const [server] = findProjects(root).filter(({ kind }) => kind === "server");
  process.exitCode = await dev({ root, server, entry: "${entry}", write: console.error });`;

/** Answers each line with its version; "die" ends it. */
const program = (version: string) => `import { createInterface } from "node:readline";
  import { word } from "./shared/core/word.ts";
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    if (line === "die") process.exit(3);
    console.log("${version} " + word + " " + line);
  });
  console.error("ready ${version} " + word);`;

const listener = `setInterval(() => {}, 1000); console.error("ready http " + process.pid);`;

function start(entry: "stdio" | "http") {
  const root = tempRepository({
    "runner.mts": runner(entry),
    "shared/core/module.json": `{ "description": "Core" }`,
    "shared/core/word.ts": `export const word = "one";\n`,
    "servers/a-server/package.json": `{ "type": "module", "flotilla": { "shared": ["core"] } }`,
    "servers/a-server/src/stdio.ts": program("v1"),
    "servers/a-server/src/http.ts": listener,
  });
  const folder = join(root, "servers", "a-server");
  mkdirSync(join(folder, "node_modules"));
  const installed = join(repositoryRoot, "node_modules", "tsx");
  symlinkSync(installed, join(folder, "node_modules", "tsx"), "junction");
  const child = spawnGroup(process.execPath, ["--import", tsx, join(root, "runner.mts")], {
    cwd: root,
    stdio: "pipe",
  });
  onTestFinished(() => killGroup(child, "SIGKILL"));
  return { root, folder, child, ...listen(child) };
}

function listen(child: ChildProcess) {
  let out = "";
  let err = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const heard = (text: string) => expect.poll(() => err, { timeout: 20_000 }).toContain(text);
  const answered = (text: string) => expect.poll(() => out, { timeout: 20_000 }).toBe(text);
  return { ended, heard, answered, stderr: () => err };
}

test("over stdio hands lines on, starts again after changes, and ends with the client", async () => {
  const { root, folder, child, ended, heard, answered } = start("stdio");
  await heard("ready v1 one");
  child.stdin?.write("first\nhalf");
  await answered("v1 one first\n");
  writeFiles(folder, { "src/stdio.ts": program("v2") });
  await heard("ready v2 one");
  child.stdin?.write(" a line\n");
  await answered("v1 one first\nv2 one half a line\n");
  writeFiles(root, { "shared/core/word.ts": `export const word = "two";\n` });
  await heard("ready v2 two");
  expect(readFileSync(join(folder, "src/shared/core/word.ts"), "utf8")).toContain(`"two"`);
  child.stdin?.end("last\n");
  expect(await ended).toBe(0);
  await answered("v1 one first\nv2 one half a line\nv2 two last\n");
});

test("a server that crashes is started again by the next change, and misses no line", async () => {
  const { folder, child, ended, heard, answered, stderr } = start("stdio");
  await heard("ready v1 one");
  child.stdin?.write("die\n");
  await heard("a-server ended with 3; waiting for a change");
  child.stdin?.write("late\n");
  writeFiles(folder, { "src/stdio.ts": program("v2") });
  await answered("v2 one late\n");
  child.stdin?.write("die\n");
  const crashes = () => stderr().match(/ended with 3; waiting/g)?.length;
  await expect.poll(crashes, { timeout: 20_000 }).toBe(2);
  child.stdin?.end();
  expect(await ended).toBe(1);
});

test.skipIf(process.platform === "win32")("over HTTP a signal ends what it started", async () => {
  const { child, ended, heard, stderr } = start("http");
  await heard("ready http");
  const pid = Number(/ready http (\d+)/.exec(stderr())?.[1]);
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(() => process.kill(pid, 0)).toThrow();
  expect(stderr()).not.toContain("waiting for a change");
});
