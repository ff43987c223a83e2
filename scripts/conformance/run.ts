import { parseArgs } from "node:util";
import { main } from "../lib/args.ts";
import { buildServers } from "../lib/build/build.ts";
import { packageManagers } from "../lib/package-managers.ts";
import { repositoryRoot } from "../lib/projects.ts";
import { run, stopChildrenOnSignal } from "../lib/run.ts";
import { countsOf, sumTallies } from "../lib/suites/tally.ts";
import { inspectable, inspectorIsInstalled, inspectServers } from "./inspector.ts";
import { suiteIsInstalled } from "./suite.ts";

const usage = `Usage: pnpm conformance [--install | --verbose]

Runs the official MCP conformance suite, as 2025-11-25 and 2026-07-28 require it, against a server
made of shared code, over HTTP and over stdio behind a bridge; then lists and calls the tools of each
built server with the MCP Inspector. Installs both first when they are not there: they are no part of
the workspace, because they bring a Node 22 of their own.

  --install  install and no more
  --verbose  show what the suite printed, also of runs that passed`;

async function install(): Promise<void> {
  const [command, ...first] = packageManagers.pnpm;
  const args = [...first, "install", "--frozen-lockfile"];
  const result = await run(command, args, { cwd: import.meta.dirname });
  if (!result.ok) throw new Error(`The suite could not be installed:\n${result.output}`);
}

await main(usage, async (argv) => {
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({ args: argv, options: { install: flag, verbose: flag } });
  stopChildrenOnSignal();
  if (!suiteIsInstalled() || !inspectorIsInstalled()) await install();
  if (values.install) return true;
  // the bridge imports what was just installed
  const { conform } = await import("./conform.ts");
  const write = console.log;
  const suite = await conform({ verbose: values.verbose, write });
  const servers = inspectable(repositoryRoot);
  await buildServers(servers, { onlyStale: true, why: false, write });
  const inspected = await inspectServers(servers, write);
  const sum = sumTallies([suite, inspected]);
  write(countsOf(sum));
  return sum.failed === 0;
});
