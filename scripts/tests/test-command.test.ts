import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findProjects, longestFirst, repositoryRoot, selectProjects } from "../lib/projects.ts";
import { runNode } from "../lib/run.ts";
import { testCommand, workersOf } from "../lib/suites/command.ts";
import { tallySuite } from "../lib/suites/tally.ts";
import { tempFolder, writeFiles } from "./support/temp-folder.ts";

const passing = `import { expect, test } from "vitest";
test("adds", () => expect(1 + 1).toBe(2));
test("multiplies", () => expect(2 * 3).toBe(6));`;
const failing = `import { expect, test } from "vitest";
test("is wrong", () => expect("the answer").toBe("another answer"));`;
const skipping = `import { expect, test } from "vitest";
test("adds", () => expect(1 + 1).toBe(2));
test.skip("needs a database", () => {});
test.todo("is still to be written");`;
const crashing = `import { test } from "vitest";
test("dies", () => process.kill(process.ppid, "SIGKILL"));`;
const broken = `import "./does-not-exist.ts";`;
const rejecting = `import { test } from "vitest";
test("passes", () => { void Promise.reject(new Error("nobody waited")); });`;

/** A repository of servers, each with one test file and the vitest of this repository. */
function repositoryOf(suites: Record<string, string | undefined>, files = {}): string {
  const root = tempFolder(files);
  for (const [name, source] of Object.entries(suites)) {
    const modules = join(root, "servers", name, "node_modules");
    mkdirSync(modules, { recursive: true });
    symlinkSync(
      join(repositoryRoot, "node_modules", "vitest"),
      join(modules, "vitest"),
      "junction",
    );
    writeSuite(root, name, source);
  }
  return root;
}

function writeSuite(root: string, name: string, source: string | undefined): void {
  const folder = `servers/${name}`;
  writeFiles(root, { [`${folder}/package.json`]: `{ "name": "${name}", "type": "module" }` });
  if (source !== undefined) writeFiles(root, { [`${folder}/tests/a.test.ts`]: source });
}

async function runIn(root: string, names: string[] = [], timeoutSeconds = 60) {
  const lines: string[] = [];
  const ok = await testCommand({ root, names, timeoutSeconds, write: (line) => lines.push(line) });
  return { ok, lines, text: lines.join("\n"), last: lines.at(-1) };
}

test("adds up the suites and ends with one plain line", async () => {
  const { ok, lines, last } = await runIn(repositoryOf({ one: passing, two: passing }));
  expect(last).toBe("4 passed, 0 failed, 0 skipped");
  expect(ok).toBe(true);
  expect(lines).toContain("start  one");
  expect(lines).toContainEqual(expect.stringMatching(/^ok {5}two {2}2 passed, .* \d+\.\d s$/));
});

test("prints the whole output of a failing suite and nothing of a passing one", async () => {
  const { ok, text, last } = await runIn(repositoryOf({ bad: failing, good: passing }));
  expect(last).toBe("2 passed, 1 failed, 0 skipped");
  expect(ok).toBe(false);
  expect(text).toContain("another answer");
  expect(text).not.toContain("multiplies");
});

test("starts with the project that has the most tests, in folders below too", () => {
  const root = repositoryOf({ few: passing, many: passing, none: undefined });
  writeFiles(root, { "servers/many/tests/more/b.test.ts": passing, "servers/few/tests/c.ts": "" });
  expect(longestFirst(findProjects(root)).map(({ name }) => name)).toEqual(["many", "few", "none"]);
});

test("gives each of a few suites every core, and each of many one", () => {
  expect([1, 2, 4].map((suites) => workersOf(suites, 4))).toEqual([4, 4, 4]);
  expect([5, 11].map((suites) => workersOf(suites, 4))).toEqual([1, 1]);
});

test("runs only the files with some words in their path", async () => {
  const root = repositoryOf({ one: passing });
  writeFiles(root, { "servers/one/tests/b.test.ts": failing });
  const lines: string[] = [];
  const options = {
    root,
    names: [],
    timeoutSeconds: 60,
    write: (line: string) => lines.push(line),
  };
  expect(await testCommand({ ...options, only: ["a.test"] })).toBe(true);
  expect(lines.at(-1)).toBe("2 passed, 0 failed, 0 skipped");
  expect(await testCommand({ ...options, only: ["nosuch"] })).toBe(false);
  expect(lines.at(-1)).toBe("0 passed, 1 failed, 0 skipped");
});

test("names every skipped test before the closing line", async () => {
  const { ok, lines } = await runIn(repositoryOf({ some: skipping }));
  expect(ok).toBe(true);
  expect(lines.slice(-3)).toEqual([
    "skipped  some > needs a database",
    "skipped  some > is still to be written",
    "1 passed, 0 failed, 2 skipped",
  ]);
});

test.skipIf(process.platform === "win32")("counts a crashed suite as one failure", async () => {
  const { ok, last, text } = await runIn(repositoryOf({ good: passing, dead: crashing }));
  expect(last).toBe("2 passed, 1 failed, 0 skipped");
  expect(ok).toBe(false);
  expect(text).toContain("failed   dead: ended with a signal and no report");
});

test("counts a suite without a test as one failure and names it", async () => {
  const root = repositoryOf({
    empty: undefined,
    skips: `import { test } from "vitest"; test.skip("x");`,
  });
  const { ok, last, lines } = await runIn(root);
  expect(last).toBe("0 passed, 2 failed, 1 skipped");
  expect(ok).toBe(false);
  expect(lines).toContain("failed   empty: ran no test");
  expect(lines).toContain("failed   skips: ran no test");
});

test("counts a test file that does not load, and an error outside of any test", async () => {
  const { ok, last, text } = await runIn(repositoryOf({ broken, rejecting }));
  expect(last).toBe("1 passed, 2 failed, 0 skipped");
  expect(ok).toBe(false);
  expect(text).toContain("every test passed, but it ended with 1");
});

test("counts every file that does not load, beside those that pass", () => {
  const file = (status: string, ...statuses: string[]) => ({
    status,
    assertionResults: statuses.map((each) => ({ status: each, fullName: "a test" })),
  });
  const testResults = [
    file("passed", "passed"),
    file("failed"),
    file("failed"),
    file("failed", "failed"),
  ];
  expect(tallySuite({ testResults }, 1)).toEqual({ passed: 1, failed: 3, skipped: [] });
});

test("kills a suite that does not end and counts it as failed", async () => {
  const hanging = `import { test } from "vitest"; test("hangs", () => new Promise(() => {}), 1e6);`;
  const { ok, last, text } = await runIn(repositoryOf({ hanging }), [], 2);
  expect(last).toBe("0 passed, 1 failed, 0 skipped");
  expect(ok).toBe(false);
  expect(text).toContain("it did not end within 2 s");
});

test("counts a failed build as one failure and still runs the suites", async () => {
  const build = { "scripts/build.ts": `console.log(process.argv.slice(2)); process.exit(1);` };
  const root = repositoryOf({ one: passing }, build);
  symlinkSync(join(repositoryRoot, "node_modules"), join(root, "node_modules"), "junction");
  const { ok, last, text } = await runIn(root, ["one"]);
  expect(last).toBe("2 passed, 1 failed, 0 skipped");
  expect(ok).toBe(false);
  expect(text).toContain("[ '--stale', 'one' ]");
});

test("runs the named suites only, also by short name or path", async () => {
  const root = repositoryOf({ "greet-server": passing, other: failing });
  expect((await runIn(root, ["greet"])).last).toBe("2 passed, 0 failed, 0 skipped");
  for (const name of ["greet-server", "servers/greet-server/", "servers\\greet"]) {
    expect(selectProjects(findProjects(root), [name]).map((each) => each.name)).toEqual([
      "greet-server",
    ]);
  }
});

test("refuses a project it does not know and lists those it knows", async () => {
  const root = repositoryOf({ one: passing });
  await expect(runIn(root, ["two"])).rejects.toThrow("Unknown project: two. Known: one");
});

test("says how to install when a suite's vitest is missing", async () => {
  const root = tempFolder({ "servers/bare/package.json": "{}" });
  const { ok, text } = await runIn(root);
  expect(ok).toBe(false);
  expect(text).toContain("bare: its vitest is not installed");
});

test("the command itself fails on an unknown project and explains itself", async () => {
  const command = ["--import", "tsx", "scripts/test.ts"];
  const unknown = await runNode([...command, "no-such-project"], { cwd: repositoryRoot });
  expect(unknown.code).toBe(2);
  expect(unknown.output).toContain("Unknown project: no-such-project. Known: shared,");
  const help = await runNode([...command, "--help"], { cwd: repositoryRoot });
  expect(help.ok).toBe(true);
  expect(help.output).toMatch(/^Usage: pnpm test/);
});
