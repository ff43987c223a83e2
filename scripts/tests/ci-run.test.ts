import { chmodSync, cpSync, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "../lib/projects.ts";
import { run } from "../lib/run.ts";
import { tempFolder } from "./support/temp-folder.ts";

/** Runs .ci/run where npx is a script with one case for each command. */
async function ciRun(cases: Record<string, string>) {
  const body = Object.entries(cases).map(([name, script]) => `${name}) ${script} ;;`);
  const npx = `#!/bin/sh\necho "asked $*"\ncase "$3" in\n${body.join("\n")}\nesac\n`;
  const root = tempFolder({ "bin/npx": npx });
  chmodSync(join(root, "bin", "npx"), 0o755);
  mkdirSync(join(root, ".ci"));
  cpSync(join(repositoryRoot, ".ci", "run"), join(root, ".ci", "run"));
  const path = `${join(root, "bin")}${delimiter}${process.env.PATH ?? ""}`;
  const env = { ...process.env, PATH: path };
  const result = await run("bash", [".ci/run"], { cwd: root, env });
  return { ...result, last: result.output.trimEnd().split("\n").at(-1) };
}

const green = {
  check: "echo '11 passed, 0 failed'",
  test: "echo '100 passed, 0 failed, 3 skipped'",
  "test:standalone": "echo '20 passed, 0 failed, 0 skipped'",
  "test:packages": "echo '3 passed, 0 failed, 0 skipped'",
  bench: "echo '1 passed, 0 failed'",
};

const onPosix = test.skipIf(process.platform === "win32");

onPosix("ends with the sum of all six alone on its line", async () => {
  const { ok, output, last } = await ciRun(green);
  expect(last).toBe("235 passed, 0 failed, 6 skipped");
  expect(ok).toBe(true);
  expect(output).toContain("asked -y pnpm@12 install --frozen-lockfile");
});

onPosix("runs the rest when one fails, and fails", async () => {
  const check = "echo '9 passed, 2 failed'; echo 'Command failed'; exit 1";
  const { ok, last } = await ciRun({ ...green, check });
  expect(last).toBe("233 passed, 2 failed, 6 skipped");
  expect(ok).toBe(false);
});

onPosix("counts a command that dies without counting as one failure", async () => {
  expect((await ciRun({ ...green, test: "exit 1" })).last).toBe("35 passed, 2 failed, 0 skipped");
  const lying = await ciRun({ ...green, test: `${green.test}; exit 1` });
  expect(lying.last).toBe("235 passed, 2 failed, 6 skipped");
  expect(lying.ok).toBe(false);
});

onPosix(
  "counts a command without a closing line as one failure, though it exits with 0",
  async () => {
    const { ok, last } = await ciRun({ ...green, test: "echo done" });
    expect(last).toBe("35 passed, 2 failed, 0 skipped");
    expect(ok).toBe(false);
  },
);

onPosix("takes the last closing line: a failing suite's output may have its own", async () => {
  const nested = `echo '7 passed, 0 failed, 0 skipped'; ${green.test}`;
  expect((await ciRun({ ...green, test: nested })).last).toBe("235 passed, 0 failed, 6 skipped");
});

onPosix("stops with one failure when the install fails", async () => {
  const { ok, last } = await ciRun({ ...green, install: "exit 1" });
  expect(last).toBe("0 passed, 1 failed, 0 skipped");
  expect(ok).toBe(false);
});
