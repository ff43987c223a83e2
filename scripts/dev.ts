// pnpm dev <server> [--http]: runs a server from source, again after every change.
import { parseArgs } from "node:util";
import { main, UsageError } from "./lib/args.ts";
import { dev } from "./lib/dev.ts";
import { findProjects, repositoryRoot, selectProjects } from "./lib/projects.ts";
import { stopChildrenOnSignal } from "./lib/run.ts";

const usage = `Usage: pnpm dev <server> [--http]

Runs one server from its source over stdio and starts it again after every change of its files or of
the shared code it has copies of, which are kept fresh. What it has to say goes to stderr. A client
starts it as "node --import tsx scripts/dev.ts <server>", because a signal to pnpm does not reach it.

  --http  over HTTP instead, on its own port or PORT`;

await main(usage, async (argv) => {
  const options = { http: { type: "boolean", default: false } } as const;
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options });
  if (positionals.length !== 1) throw new UsageError("give one server");
  const servers = findProjects(repositoryRoot).filter(({ kind }) => kind === "server");
  const [server] = selectProjects(servers, positionals);
  if (!server) throw new UsageError("give one server");
  stopChildrenOnSignal();
  const entry = values.http ? "http" : "stdio";
  process.exitCode = await dev({ root: repositoryRoot, server, entry, write: console.error });
  return true;
});
