// pnpm test [project...]: every suite, each in a process of its own.
import { parseArgs } from "node:util";
import { countFrom, main } from "./lib/args.ts";
import { repositoryRoot } from "./lib/projects.ts";
import { stopChildrenOnSignal } from "./lib/run.ts";
import { testCommand } from "./lib/suites/command.ts";

const usage = `Usage: pnpm test [project...] [--only <words>] [--jobs <n>] [--timeout <seconds>]

Runs the test suite of every server, of shared and of scripts, each in a process of its own, and
ends with the line "N passed, N failed, N skipped". A project is a folder name: shared, scripts,
greet-server (or greet).

  --only <words>       only test files with these words in their path; may be given again
  --jobs <n>           suites at a time (default: the number of cores)
  --timeout <seconds>  how long one suite may take (default: 600)`;

const MOST_JOBS = 256;
const MOST_SECONDS = 86_400;

await main(usage, async (argv) => {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      only: { type: "string", multiple: true },
      jobs: { type: "string" },
      timeout: { type: "string", default: "600" },
    },
  });
  stopChildrenOnSignal();
  return testCommand({
    root: repositoryRoot,
    names: positionals,
    only: values.only ?? [],
    jobs: values.jobs === undefined ? undefined : countFrom("--jobs", values.jobs, MOST_JOBS),
    timeoutSeconds: countFrom("--timeout", values.timeout, MOST_SECONDS),
  });
});
