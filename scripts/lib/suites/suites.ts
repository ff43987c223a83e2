import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Project } from "../projects.ts";
import { runNode } from "../run.ts";
import { inTempFolder } from "../temp-folder.ts";
import { type SuiteTally, tallySuite } from "./tally.ts";

export interface SuiteResult extends SuiteTally {
  project: Project;
  output: string;
  seconds: number;
}

export interface SuiteOptions {
  /** Worker processes vitest may use for this suite. */
  workers: number;
  /** Only files with one of these in their path; none stands for all. */
  only: readonly string[];
  timeoutSeconds: number;
}

async function readReport(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** Runs one project's tests with the project's own vitest, in a process of its own. */
export async function runSuite(project: Project, options: SuiteOptions): Promise<SuiteResult> {
  const vitest = join(project.toolsDir, "node_modules", "vitest", "vitest.mjs");
  if (!existsSync(vitest)) {
    const reason = "its vitest is not installed; run npx -y pnpm@12 install";
    return { project, passed: 0, failed: 1, skipped: [], reason, output: "", seconds: 0 };
  }
  return inTempFolder(async (scratch) => {
    const report = join(scratch, "report.json");
    const reporters = ["default", "json"];
    // Naming any reporter switches off the one that annotates pull requests.
    if (process.env.GITHUB_ACTIONS === "true") reporters.push("github-actions");
    const result = await runNode(
      [
        vitest,
        "run",
        ...options.only,
        ...reporters.map((name) => `--reporter=${name}`),
        `--outputFile.json=${report}`,
        `--maxWorkers=${options.workers}`,
        ...(process.stdout.isTTY ? [] : ["--no-color"]),
      ],
      { cwd: project.dir, timeoutSeconds: options.timeoutSeconds },
    );
    const tally = tallySuite(await readReport(report), result.code);
    return { project, ...tally, output: result.output, seconds: result.seconds };
  });
}
