// pnpm gateway <command>: runs a command of the gateway, such as keys add, building it when it is stale.

import { main } from "./lib/args.ts";
import { repositoryRoot } from "./lib/projects.ts";
import { runGatewayCommand } from "./lib/start.ts";

const usage = `Usage: pnpm gateway <command> [options]

Runs the gateway of this repository with this command line: keys, audit, or its options, which are the
same as those of servers/gateway/dist/http.js. Without any it serves all servers as they are built.
"pnpm gateway keys --help" and "pnpm gateway audit --help" are the help of its commands.`;

await main(
  usage,
  async (argv) => {
    await runGatewayCommand({ root: repositoryRoot, argv });
    return true;
  },
  // that of a command is the gateway's own
  ([first]) => first === "--help" || first === "-h",
);
