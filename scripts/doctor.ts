// pnpm run doctor [server...]: the deployment checklist, with a cure for what it finds.
import { parseArgs } from "node:util";
import { main, UsageError } from "./lib/args.ts";
import { examine, rulesWith } from "./lib/doctor/doctor.ts";
import { findProjects, repositoryRoot, selectProjects } from "./lib/projects.ts";
import { stopChildrenOnSignal } from "./lib/run.ts";

const usage = `Usage: pnpm run doctor [server...] [--only <words>]

Goes through the deployment checklist: what the package names, imports and publishes, whether every
variable is documented, what an import of the built server exports and touches in an empty
environment, the size of a result, what a start costs. Each finding comes with its cure. Fails when
there is a fault; a warning alone is none. ("pnpm doctor" without "run" is pnpm's own.)

  --only <words>  what has these words in its name, such as "imported"`;

await main(usage, async (argv) => {
  const options = { only: { type: "string" } } as const;
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options });
  if (rulesWith(values.only ?? "").length === 0)
    throw new UsageError(
      `nothing in the checklist has "${values.only}" in its name:\n${rulesWith("").join("\n")}`,
    );
  stopChildrenOnSignal();
  const servers = findProjects(repositoryRoot).filter(({ kind }) => kind === "server");
  let [faults, warnings] = [0, 0];
  // one after another, because starts are measured
  for (const server of selectProjects(servers, positionals)) {
    const found = await examine(server, console.log, values.only);
    faults += found.faults;
    warnings += found.warnings;
  }
  console.log(`${faults} faults, ${warnings} warnings`);
  return faults === 0;
});
