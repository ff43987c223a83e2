import { main } from "../lib/args.ts";
import { run, stopChildrenOnSignal } from "../lib/run.ts";
import { conform } from "./conform.ts";
import { suiteIsInstalled } from "./suite.ts";

const usage = `Usage: pnpm conformance [--verbose]

Runs the official MCP conformance suite, as 2025-11-25 and 2026-07-28 require it, against a server
made of shared code: over HTTP, and over stdio behind a bridge. Installs the suite first when it is
not there: it is no part of the workspace, because it brings a Node 22 of its own.

  --verbose  show what the suite printed, also of runs that passed`;

const args = ["install", "--frozen-lockfile"];

/** A script of pnpm finds pnpm by its variable; npx works where pnpm is no command of its own. */
async function install(): Promise<void> {
  const pnpm = process.env.npm_execpath ?? "";
  const result = /pnpm.*\.[cm]?js$/.test(pnpm)
    ? await run(process.execPath, [pnpm, ...args], { cwd: import.meta.dirname })
    : await run("npx", ["-y", "pnpm@12", ...args], { cwd: import.meta.dirname });
  if (!result.ok) throw new Error(`The suite could not be installed:\n${result.output}`);
}

await main(usage, async (argv) => {
  stopChildrenOnSignal();
  if (!suiteIsInstalled()) await install();
  return conform({ verbose: argv.includes("--verbose"), write: console.log });
});
