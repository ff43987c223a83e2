// pnpm import-server <folder>: brings an MCP server that was written elsewhere into the layout.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { main, UsageError } from "./lib/args.ts";
import { importServer } from "./lib/import/import-server.ts";
import { repositoryRoot } from "./lib/projects.ts";
import { stopChildrenOnSignal } from "./lib/run.ts";

const usage = `Usage: pnpm import-server <folder> [options]

Makes a server of this repository from the folder of one in TypeScript on the MCP SDK 1.x or 2.x. Its
code is copied to src/original and runs inside the new server; each of its tools gets a file of its
own in src/tools, its variables a configuration. It works at once, over stdio and HTTP and in both
protocol eras; IMPORT.md in the new folder lists what is left to do by hand.

  --name <name>      of the new folder (after its package's name)
  --entry <file>     what starts it over stdio, or exports the server (what its bin is built from)
  --env <X=value>    a variable without which it does not start; the value goes into a test; may be
                     given again
  --example <json>   a call with an input that succeeds with no variable set, such as
                     { "tool": "search", "input": { "query": "x" } }: with it the tests hold the
                     server to the contract of all`;

await main(usage, async (argv) => {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      name: { type: "string" },
      entry: { type: "string" },
      env: { type: "string", multiple: true, default: [] },
      example: { type: "string" },
    },
  });
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new UsageError("give one folder");
  stopChildrenOnSignal();
  const todos = await importServer({
    root: repositoryRoot,
    folder: resolve(process.env.INIT_CWD ?? ".", folder),
    name: values.name,
    entry: values.entry,
    env: Object.fromEntries(values.env.map(parseVariable)),
    example: values.example,
    write: console.log,
  });
  for (const { title, items } of todos) {
    console.log(`\n${title}`);
    for (const item of items) console.log(`  ${item}`);
  }
  return true;
});

function parseVariable(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new UsageError(`--env takes NAME=value, not "${text}"`);
}
