// pnpm check [--fix] [--only <names>]: everything that is looked at without running the servers.
import { parseArgs } from "node:util";
import { main } from "./lib/args.ts";
import { allChecks } from "./lib/checks/checks.ts";
import { checkCommand } from "./lib/checks/command.ts";
import { repositoryRoot } from "./lib/projects.ts";
import { stopChildrenOnSignal } from "./lib/run.ts";

const usage = `Usage: pnpm check [--fix] [--only <name,...>]

Runs every check, whatever fails: format and lint (biome), types (tsc), unused code (knip), manifests
(sherif), copies of shared code (shared), generated files (generate), files for hosts (deploy),
versions over the lockfiles (lockfiles), Markdown links (links), workflows (workflows). Ends with the
line "N passed, N failed".

  --fix               first repairs what can be repaired
  --only <name,...>   only these checks`;

await main(usage, async (argv) => {
  const options = { fix: { type: "boolean", default: false }, only: { type: "string" } } as const;
  const { values } = parseArgs({ args: argv, options });
  stopChildrenOnSignal();
  return checkCommand({
    checks: allChecks(repositoryRoot),
    only: values.only?.split(",").map((name) => name.trim()) ?? [],
    fix: values.fix,
    write: console.log,
  });
});
