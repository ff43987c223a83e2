import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { repositoryRoot } from "../lib/projects.ts";
import { run, runNode, spawnGroup } from "../lib/run.ts";
import { tempFolder } from "./support/temp-folder.ts";

const posix = process.platform !== "win32";
const runModule = pathToFileURL(join(repositoryRoot, "scripts/lib/run.ts")).href;
const tsx = pathToFileURL(join(repositoryRoot, "node_modules/tsx/dist/loader.mjs")).href;

/** A program that leaves signs of life: a dead one may stay in the process table as a zombie. */
const beating = `const { appendFileSync, writeFileSync } = require("node:fs");
  setInterval(() => appendFileSync("beats", "x"), 10);
  process.on("SIGTERM", () => { writeFileSync("farewell", ""); process.exit(); });`;
const runner = `import { runNode, stopChildrenOnSignal } from ${JSON.stringify(runModule)};
  stopChildrenOnSignal();
  await runNode(["-e", ${JSON.stringify(beating)}], { cwd: import.meta.dirname });`;

function beatsIn(folder: string): number {
  const file = join(folder, "beats");
  return existsSync(file) ? statSync(file).size : 0;
}

/** True when the heart does not beat for a while in which it would do so many times. */
async function isStill(folder: string): Promise<boolean> {
  const before = beatsIn(folder);
  await sleep(300);
  return beatsIn(folder) === before;
}

test("keeps stdout and stderr together and tells the exit code", async () => {
  const script = `console.log("out"); console.error("err"); process.exitCode = 3;`;
  const result = await runNode(["-e", script], { cwd: repositoryRoot });
  expect(result).toMatchObject({ ok: false, code: 3 });
  expect(result.output).toContain("out\n");
  expect(result.output).toContain("err\n");
});

test("says which command could not be started", async () => {
  const result = await run("no-such-command-here", [], { cwd: repositoryRoot });
  expect(result).toMatchObject({ ok: false, code: null });
  expect(result.output).toContain("Could not start no-such-command-here");
});

test.runIf(posix)("ends what a finished process left running", async () => {
  const folder = tempFolder();
  const script = `const { existsSync } = require("node:fs");
    const { spawn } = require("node:child_process");
    spawn(process.execPath, ["-e", ${JSON.stringify(beating)}], { stdio: "inherit" }).unref();
    const poll = setInterval(() => existsSync("beats") && clearInterval(poll), 10);`;
  const result = await runNode(["-e", script], { cwd: folder });
  expect(result.ok).toBe(true);
  expect(beatsIn(folder)).toBeGreaterThan(0);
  expect(await isStill(folder)).toBe(true);
});

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  test.runIf(posix)(`${signal} ends the children and then the runner`, async () => {
    const folder = tempFolder({ "runner.mts": runner });
    const child = spawnGroup(process.execPath, ["--import", tsx, join(folder, "runner.mts")], {
      cwd: folder,
      stdio: "ignore",
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    await expect.poll(() => beatsIn(folder), { timeout: 20_000 }).toBeGreaterThan(0);
    child.kill(signal);
    expect(await ended).toBe(code);
    expect(await isStill(folder)).toBe(true);
    expect(existsSync(join(folder, "farewell")), "asked to end, not killed").toBe(true);
  });
}
