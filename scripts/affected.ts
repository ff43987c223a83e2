// scripts/affected.ts [--base <rev>] [--json]: the servers a change can affect.
import { parseArgs } from "node:util";
import { affectedServers } from "./lib/affected.ts";
import { main } from "./lib/args.ts";
import { repositoryRoot } from "./lib/projects.ts";

const usage = `Usage: node --import tsx scripts/affected.ts [--base <rev>] [--json]

Prints the servers that the change since <rev> can affect, one a line; all of them without a base or
with one that git does not know.

  --base <rev>  a commit or branch, compared from where HEAD left it
  --json        one JSON array, for the matrix of a workflow`;

await main(usage, async (argv) => {
  const options = { base: { type: "string" }, json: { type: "boolean" } } as const;
  const { values } = parseArgs({ args: argv, options });
  const servers = affectedServers(repositoryRoot, values.base);
  if (values.json) console.log(JSON.stringify(servers));
  else for (const server of servers) console.log(server);
  return true;
});
