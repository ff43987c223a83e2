// pnpm generate [server...] [--check]: writes all that follows from the servers' definitions.
import { parseArgs } from "node:util";
import { main } from "./lib/args.ts";
import { generate } from "./lib/generate/command.ts";
import { findProjects, repositoryRoot, selectProjects } from "./lib/projects.ts";

const usage = `Usage: pnpm generate [server...] [--check]

Writes for each server, from its definition and its configuration: tools.lock.json, the tables of
its README, .env.example, server.json, manifest.json, Dockerfile, .dockerignore; and the table of
servers of the root's README. Without names: every server.

  --check  writes nothing; fails and names every file that is not up to date`;

await main(usage, async (argv) => {
  const options = { check: { type: "boolean", default: false } } as const;
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options });
  const servers = findProjects(repositoryRoot).filter(({ kind }) => kind === "server");
  const chosen = selectProjects(servers, positionals);
  const root = repositoryRoot;
  return generate({ root, servers, chosen, check: values.check, write: console.log });
});
