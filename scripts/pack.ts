// pnpm pack:servers [server...]: the files that are published.
import { statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { main } from "./lib/args.ts";
import { kilobytes } from "./lib/build/sizes.ts";
import { packBundle, packTarball } from "./lib/packages/pack.ts";
import { findProjects, repositoryRoot, selectProjects } from "./lib/projects.ts";
import { stopChildrenOnSignal } from "./lib/run.ts";

const usage = `Usage: pnpm pack:servers [server...] [--out <folder>]

Packs each built server as it is published: <name>-<version>.tgz for npm, and <name>-<version>.mcpb,
which desktop clients install. Without names: every server.

  --out <folder>  where they go (packed)`;

await main(usage, async (argv) => {
  const options = { out: { type: "string", default: "packed" } } as const;
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options });
  stopChildrenOnSignal();
  const servers = findProjects(repositoryRoot).filter(({ kind }) => kind === "server");
  const out = resolve(values.out);
  for (const server of selectProjects(servers, positionals))
    for (const pack of [packTarball, packBundle]) {
      const file = await pack(server, out);
      console.log(`packed  ${relative(process.cwd(), file)}  ${kilobytes(statSync(file).size)}`);
    }
  return true;
});
