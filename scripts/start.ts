// pnpm start [options]: builds what is stale and runs every server behind the gateway.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { main, UsageError } from "./lib/args.ts";
import { parsePort } from "./lib/new-server.ts";
import { repositoryRoot } from "./lib/projects.ts";
import { stopChildrenOnSignal } from "./lib/run.ts";
import { start } from "./lib/start.ts";
import { ALONE, LEGACY_FILE, LEGACY_SERVERS, startAlone } from "./lib/start-alone.ts";

const usage = `Usage: pnpm start [options]

Builds the servers whose sources changed, then runs all of them behind the gateway, in one process,
until Ctrl-C. A server that does not build is named and left out. Options go to the gateway:

  --port <n>       where it listens (default: 8000, or PORT)
  --host <name>    at which address (default: 127.0.0.1, or HOST)
  --config <file>  a gateway.json that says which servers, instead of all

The two servers for Make, without the others:

  --core           make-core-server alone, over HTTP at port 3000
  --analytics      make-analytics-server alone, over HTTP at port 3001
  --both           both, each in a process of its own
  --legacy         both behind the gateway as one server: all tools, under their own names

With --port, a server alone listens there, and of both the second at the port after it.`;

await main(usage, async (given) => {
  const argv = given.filter((word) => word !== "--");
  const write = console.error;
  const modes = [...Object.keys(ALONE), "legacy"].filter((mode) => argv.includes(`--${mode}`));
  const [mode, ...more] = modes;
  const rest = argv.filter((word) => !modes.some((each) => word === `--${each}`));
  if (more.length > 0) throw new UsageError("give one of --core, --analytics, --both and --legacy");
  const root = repositoryRoot;
  if (mode === undefined || mode === "legacy") {
    const legacy = mode && { config: ["--config", join(root, LEGACY_FILE)], only: LEGACY_SERVERS };
    await start({
      root,
      argv: [...(legacy ? legacy.config : []), ...rest],
      only: legacy ? legacy.only : undefined,
      write,
    });
    return true;
  }
  const { values } = parseArgs({ args: rest, options: { port: { type: "string" } } });
  const port = values.port === "0" ? 0 : parsePort(values.port);
  stopChildrenOnSignal();
  const names = ALONE[mode as keyof typeof ALONE];
  return await startAlone({ root, names, port, write });
});
