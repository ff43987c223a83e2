import { main, UsageError } from "../lib/args.ts";
import { stopChildrenOnSignal } from "../lib/run.ts";

interface Command {
  usage: string;
  run(argv: string[]): Promise<boolean>;
}

const usage = `Usage: pnpm bench <command> [options]

Measures the servers of this repository beside the floor and beside other MCP servers, in one run.

  start     from the spawn to the first answers over stdio
  http      CPU of one request over HTTP, and requests a second
  memory    growth over many requests, and over connections that are given up
  gateway   one call through gateways, ours and others
  files     what file-server does with files, beside the official file server and plain programs
  database  queries and schema searches of database-server, beside dbhub and the driver alone
  make      the two servers for Make alone and as one: start, memory and size of tools/list
  budget    fast checks against the budgets in each server's package.json

Every command has --help.`;

const commands: Record<string, () => Promise<Command>> = {
  gateway: async () => {
    const { gateway, usage } = await import("./commands/gateway.ts");
    return { usage, run: gateway };
  },
  memory: async () => {
    const { memory, usage } = await import("./commands/memory.ts");
    return { usage, run: memory };
  },
  budget: async () => {
    const { budget, usage } = await import("./commands/budget.ts");
    return { usage, run: budget };
  },
  files: async () => {
    const { files, usage } = await import("./commands/files.ts");
    return { usage, run: files };
  },
  database: async () => {
    const { database, usage } = await import("./commands/database.ts");
    return { usage, run: database };
  },
  make: async () => {
    const { make, usage } = await import("./commands/make.ts");
    return { usage, run: make };
  },
  http: async () => {
    const { http, usage } = await import("./commands/http.ts");
    return { usage, run: http };
  },
  start: async () => {
    const { start, usage } = await import("./commands/start.ts");
    return { usage, run: start };
  },
};

const [name = "", ...argv] = process.argv.slice(2).filter((one, at) => at > 0 || one !== "--");
const command = await commands[name]?.();
process.argv = [...process.argv.slice(0, 2), ...(command ? argv : [name, ...argv].filter(Boolean))];

await main(command?.usage ?? usage, async (given) => {
  if (!command) throw new UsageError(name === "" ? "Which command?" : `Unknown command: ${name}`);
  stopChildrenOnSignal();
  return command.run(given);
});
