import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { packageManagers } from "../../lib/package-managers.ts";
import { repositoryRoot } from "../../lib/projects.ts";
import { type RunResult, run, runNode } from "../../lib/run.ts";
import { copyShipped } from "../../lib/standalone/standalone.ts";
import { writeFiles } from "./temp-folder.ts";
import { commitAll, git } from "./temp-repository.ts";

export const MINUTES = 60_000;
/** What npm and pnpm say where no package can be had. */
const NO_NETWORK = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_PNPM_META_FETCH_FAIL/;

export interface WholeRepository {
  root: string;
  /** Why its packages cannot be had. */
  unavailable?: string;
  /** A folder beside it, with these files. */
  beside(name: string, files: Record<string, string>): string;
  /** Runs a command of the repository there. */
  script(name: string, ...args: string[]): Promise<RunResult>;
  remove(): void;
}

/** This repository as it stands, with its own history and its own packages. */
export async function wholeRepository(): Promise<WholeRepository> {
  const around = realpathSync(mkdtempSync(join(tmpdir(), "flotilla-scripts-")));
  const root = join(around, "repository");
  mkdirSync(root);
  copyShipped(repositoryRoot, root);
  git(root, "init", "--quiet", "--initial-branch=main");
  commitAll(root, "as it stands");
  const [command, ...first] = packageManagers.pnpm;
  const args = [...first, "install", "--frozen-lockfile"];
  const installed = await run(command, args, { cwd: root, timeoutSeconds: 300 });
  const isCutOff = !installed.ok && NO_NETWORK.test(installed.output);
  if (!isCutOff) expectOk(installed);
  return {
    root,
    ...(isCutOff && { unavailable: "packages cannot be installed" }),
    beside(name, files) {
      const folder = join(around, name);
      writeFiles(folder, files);
      return folder;
    },
    script: (name, ...args) =>
      runNode(["--import", "tsx", join(root, "scripts", `${name}.ts`), ...args], {
        cwd: root,
        timeoutSeconds: 600,
      }),
    remove: () => rmSync(around, { recursive: true, force: true }),
  };
}

/** Runs a program of a package, installed in this folder, there. */
export const programIn = (folder: string, program: string, ...args: string[]) =>
  runNode([join(folder, "node_modules", program), ...args], { cwd: folder, timeoutSeconds: 600 });

export function expectOk({ ok, output }: RunResult): void {
  expect(ok, output).toBe(true);
}
