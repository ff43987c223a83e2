// scripts/check-workflows.ts: actionlint and our own rules.
import { parseArgs } from "node:util";
import { main } from "./lib/args.ts";
import { checkWorkflows } from "./lib/checks/workflows.ts";
import { repositoryRoot } from "./lib/projects.ts";

const usage = `Usage: node --import tsx scripts/check-workflows.ts

Checks .github/workflows: actionlint, and that every action is pinned by a commit's SHA with its
version in a comment, permissions are stated and least, and no checkout keeps its token.`;

await main(usage, async (argv) => {
  parseArgs({ args: argv, options: {} });
  const { files, problems } = await checkWorkflows(repositoryRoot);
  for (const problem of problems) console.log(problem);
  console.log(`${files} workflows checked, ${problems.length} problems`);
  return problems.length === 0;
});
