// pnpm build [server...] [--stale] [--why]: bundles servers into their dist folders.
import { parseArgs } from "node:util";
import { main } from "./lib/args.ts";
import { buildServers } from "./lib/build/build.ts";
import { findProjects, repositoryRoot, selectProjects } from "./lib/projects.ts";
import { stopChildrenOnSignal } from "./lib/run.ts";

const usage = `Usage: pnpm build [server...] [--stale] [--why]

Runs the bundler of each server in its folder and tells the size of what is started and of all its
code. Without names: every server. One that fails does not stop the others.

  --stale  only servers whose dist is missing or was built from other sources
  --why    also the modules that make up most of the bundle, before white space is removed`;

await main(usage, async (argv) => {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      stale: { type: "boolean", default: false },
      why: { type: "boolean", default: false },
    },
  });
  stopChildrenOnSignal();
  const servers = findProjects(repositoryRoot).filter(({ kind }) => kind === "server");
  const results = await buildServers(selectProjects(servers, positionals), {
    onlyStale: values.stale,
    why: values.why,
    write: console.log,
  });
  return results.every(({ kind }) => kind !== "failed");
});
