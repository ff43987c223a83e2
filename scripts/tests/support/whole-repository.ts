import { join } from "node:path";
import { expect } from "vitest";
import { repositoryRoot } from "../../lib/projects.ts";
import { type RunResult, run, runNode } from "../../lib/run.ts";
import { copyShipped } from "../../lib/standalone/standalone.ts";
import { tempFolder } from "./temp-folder.ts";
import { commitAll, git } from "./temp-repository.ts";

export const MINUTES = 60_000;
const pnpm = ["-y", "pnpm@12"];
/** What npm and pnpm say where no package can be had. */
const NO_NETWORK = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_PNPM_META_FETCH_FAIL/;

/** This repository as it stands, with its own history and its own packages, or a skip where they cannot be had. */
export async function wholeRepository(skip: (note: string) => void): Promise<string> {
  const root = tempFolder();
  copyShipped(repositoryRoot, root);
  git(root, "init", "--quiet", "--initial-branch=main");
  commitAll(root, "as it stands");
  const args = [...pnpm, "install", "--frozen-lockfile"];
  const installed = await run("npx", args, { cwd: root, timeoutSeconds: 300 });
  if (!installed.ok && NO_NETWORK.test(installed.output)) skip("packages cannot be installed");
  expectOk(installed);
  return root;
}

/** Runs a command of the repository there. */
export const scriptIn = (root: string, name: string, ...args: string[]) =>
  runNode(["--import", "tsx", join(root, "scripts", `${name}.ts`), ...args], {
    cwd: root,
    timeoutSeconds: 600,
  });

/** A server there has the format and the types that all have. */
export async function expectClean(root: string, server: string): Promise<void> {
  const biome = join(root, "node_modules", "@biomejs", "biome", "bin", "biome");
  expectOk(await runNode([biome, "ci", `servers/${server}`], { cwd: root }));
  const folder = join(root, "servers", server);
  const tsc = join(folder, "node_modules", "typescript", "bin", "tsc");
  expectOk(await runNode([tsc, "--noEmit"], { cwd: folder }));
}

export function expectOk({ ok, output }: RunResult): void {
  expect(ok, output).toBe(true);
}
