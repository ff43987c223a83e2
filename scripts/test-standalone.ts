// pnpm test:standalone [server...]: each server without the repository around it.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { main } from "./lib/args.ts";
import { findProjects, repositoryRoot, selectProjects } from "./lib/projects.ts";
import { stopChildrenOnSignal } from "./lib/run.ts";
import { testStandalone } from "./lib/standalone/standalone.ts";
import { countsOf } from "./lib/suites/tally.ts";

const usage = `Usage: pnpm test:standalone [server...] [--keep]

Copies what git ships of each server to an empty folder outside of any workspace and shows that it
stands alone: frozen install, tests, build, and answers over stdio and HTTP in both protocol eras
from the built files only; then npm install, the tests of the contract and a build in a second
copy. Ends with the line "N passed, N failed, N skipped", which counts steps.

  --keep  leaves the copies where they are, to look into`;

await main(usage, async (argv) => {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { keep: { type: "boolean", default: false } },
  });
  stopChildrenOnSignal();
  const servers = findProjects(repositoryRoot).filter((project) => project.kind === "server");
  const chosen = selectProjects(servers, positionals);
  const options = { root: repositoryRoot, keep: values.keep, write: console.log };
  // one more than there are cores: suites wait as well, for timers and for other processes
  const total = await testStandalone(chosen, availableParallelism() + 1, options);
  if (chosen.length === 0) {
    console.log("FAILED  there is no server");
    total.failed += 1;
  }
  console.log(countsOf(total));
  return total.failed === 0;
});
