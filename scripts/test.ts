// pnpm test [project...]: every suite, each in a process of its own.
import { parseArgs } from "node:util";
import { main, UsageError } from "./lib/args.ts";
import { repositoryRoot } from "./lib/projects.ts";
import { stopChildrenOnSignal } from "./lib/run.ts";
import { testCommand } from "./lib/suites/command.ts";

const usage = `Usage: pnpm test [project...] [--jobs <n>] [--timeout <seconds>]

Runs the test suite of every server, of shared and of scripts, each in a process of its own, and
ends with the line "N passed, N failed, N skipped". A project is a folder name: shared, scripts,
greet-server (or greet).

  --jobs <n>           suites at a time (default: the number of cores)
  --timeout <seconds>  how long one suite may take (default: 600)`;

function positive(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new UsageError(`${option} takes a positive whole number, not "${text}"`);
}

await main(usage, async (argv) => {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { jobs: { type: "string" }, timeout: { type: "string" } },
  });
  stopChildrenOnSignal();
  return testCommand({
    root: repositoryRoot,
    names: positionals,
    jobs: positive("--jobs", values.jobs),
    timeoutSeconds: positive("--timeout", values.timeout),
  });
});
