import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "../lib/projects.ts";
import { type RunResult, run, runNode } from "../lib/run.ts";
import { copyShipped } from "../lib/standalone/standalone.ts";
import { tempFolder } from "./support/temp-folder.ts";
import { commitAll, git } from "./support/temp-repository.ts";

const MINUTES = 60_000;
const pnpm = ["-y", "pnpm@12"];
const NO_NETWORK = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_PNPM_META_FETCH_FAIL/;

/** This repository as it stands, with its own history and its own packages. */
async function wholeRepository(): Promise<{ root: string; installed: RunResult }> {
  const root = tempFolder();
  copyShipped(repositoryRoot, root);
  git(root, "init", "--quiet", "--initial-branch=main");
  commitAll(root, "as it stands");
  const args = [...pnpm, "install", "--frozen-lockfile"];
  return { root, installed: await run("npx", args, { cwd: root, timeoutSeconds: 300 }) };
}

const script = (root: string, name: string, ...args: string[]) =>
  runNode(["--import", "tsx", join(root, "scripts", `${name}.ts`), ...args], {
    cwd: root,
    timeoutSeconds: 600,
  });

function expectOk({ ok, output }: RunResult): void {
  expect(ok, output).toBe(true);
}

test.skipIf(process.platform === "win32")(
  "a new server passes everything at once: format, types, copies, generated files, standalone",
  { timeout: 15 * MINUTES },
  async ({ skip }) => {
    const { root, installed } = await wholeRepository();
    if (!installed.ok && NO_NETWORK.test(installed.output)) skip("packages cannot be installed");
    expectOk(installed);
    const made = await script(root, "new-server", "tide-level-server", "--title", "Tides");
    expectOk(made);
    expect(made.output).toContain("pnpm dev tide-level --http");
    commitAll(root, "a new server");

    const folder = join(root, "servers", "tide-level-server");
    expect(existsSync(join(folder, "pnpm-lock.yaml"))).toBe(true);
    const lock = JSON.parse(readFileSync(join(folder, "tools.lock.json"), "utf8"));
    expect(lock).toMatchObject({ title: "Tides", tools: [{ name: "say_hello" }] });
    const biome = join(root, "node_modules", "@biomejs", "biome", "bin", "biome");
    expectOk(await runNode([biome, "ci", "servers/tide-level-server"], { cwd: root }));
    const tsc = join(folder, "node_modules", "typescript", "bin", "tsc");
    expectOk(await runNode([tsc, "--noEmit"], { cwd: folder }));
    expectOk(await script(root, "shared-copy", "--check", "tide-level-server"));
    expectOk(await script(root, "generate", "--check", "tide-level-server"));
    const alone = await script(root, "test-standalone", "tide-level-server");
    expectOk(alone);
    expect(alone.output).toMatch(/^\d+ passed, 0 failed, 0 skipped$/m);
  },
);
