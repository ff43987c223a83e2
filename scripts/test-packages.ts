// pnpm test:packages [server...]: what is published of each server, installed and started.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { main } from "./lib/args.ts";
import { buildServers } from "./lib/build/build.ts";
import { testPackages } from "./lib/packages/test-packages.ts";
import { inParallel } from "./lib/parallel.ts";
import { findProjects, repositoryRoot, selectProjects } from "./lib/projects.ts";
import { stopChildrenOnSignal } from "./lib/run.ts";
import { countsOf, sumTallies } from "./lib/suites/tally.ts";

const usage = `Usage: pnpm test:packages [server...] [--keep]

Builds what is stale, then packs each server as it is published and starts what was packed: the npm
tarball installed into an empty folder, and the .mcpb bundle unpacked and started as a desktop client
does. Each answers in both protocol eras. Ends with the line "N passed, N failed, N skipped", which
counts steps.

  --keep  leaves the folders where they are, to look into`;

await main(usage, async (argv) => {
  const options = { keep: { type: "boolean", default: false } } as const;
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options });
  stopChildrenOnSignal();
  const servers = findProjects(repositoryRoot).filter(({ kind }) => kind === "server");
  const chosen = selectProjects(servers, positionals);
  const onlyNews = (line: string) => line.startsWith("current ") || console.log(line);
  const built = await buildServers(chosen, { onlyStale: true, write: onlyNews });
  const ready = built.filter(({ kind }) => kind !== "failed").map(({ server }) => server);
  const tallies = await inParallel(ready, availableParallelism(), (server) =>
    testPackages(server, console.log, values.keep),
  );
  const total = sumTallies(tallies);
  total.failed += chosen.length - ready.length;
  console.log(countsOf(total));
  return total.failed === 0;
});
