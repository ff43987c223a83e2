// pnpm start [options]: builds what is stale and runs every server behind the gateway.
import { main } from "./lib/args.ts";
import { repositoryRoot } from "./lib/projects.ts";
import { start } from "./lib/start.ts";

const usage = `Usage: pnpm start [options]

Builds the servers whose sources changed, then runs all of them behind the gateway, in one process,
until Ctrl-C. A server that does not build is named and left out. Options go to the gateway:

  --port <n>       where it listens (default: 8000, or PORT)
  --host <name>    at which address (default: 127.0.0.1, or HOST)
  --config <file>  a gateway.json that says which servers, instead of all`;

await main(usage, async (argv) => {
  await start({ root: repositoryRoot, argv, write: console.error });
  return true;
});
