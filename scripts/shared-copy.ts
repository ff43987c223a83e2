// pnpm shared:copy [server...] [--check | --diff | --watch]: brings the copies of shared/ up to date.
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { main, UsageError } from "./lib/args.ts";
import { copyShared } from "./lib/copy/copy.ts";
import { diffShared } from "./lib/copy/diff.ts";
import { formatReport } from "./lib/copy/report.ts";
import { watchShared } from "./lib/copy/watch.ts";

const usage = `Usage: pnpm shared:copy [server...] [options]

Copies the modules of shared/ that a server asks for (flotilla.shared in its package.json) into it,
merges what was edited there, and keeps its package.json in step. Without names: every server.

  --check       change nothing; fail when a copy is not what shared/ and the lock say
  --diff        change nothing; show what the copies change in their sources
  --watch       copy again whenever shared/ changes, until Ctrl-C
  --root <dir>  the repository, when it is not this one
  -h, --help    this text`;

await main(usage, async (args) => {
  const { values, positionals: servers } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      check: { type: "boolean", default: false },
      diff: { type: "boolean", default: false },
      watch: { type: "boolean", default: false },
      root: { type: "string", default: fileURLToPath(new URL("..", import.meta.url)) },
    },
  });
  const { check, diff, watch } = values;
  const root = resolve(values.root);
  if (Number(check) + Number(diff) + Number(watch) > 1) {
    throw new UsageError("--check, --diff and --watch exclude each other");
  }
  if (diff) {
    process.stdout.write(diffShared(root, servers));
    return true;
  }
  if (watch) return copyOnChange(root, servers);
  return copy(root, servers, check);
});

async function copy(root: string, servers: string[], check: boolean): Promise<boolean> {
  const report = await copyShared({ root, servers, check });
  for (const line of formatReport(report)) console.log(line);
  return !report.failed;
}

async function copyOnChange(root: string, servers: string[]): Promise<boolean> {
  const pass = async () => {
    try {
      await copy(root, servers, false);
    } catch (error) {
      // half-saved files and the like: the next change is another chance
      console.error(error instanceof Error ? error.message : error);
    }
  };
  const watcher = watchShared(root, pass);
  await pass();
  console.log("watching shared/, Ctrl-C ends");
  return new Promise((done) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        watcher.close();
        done(true);
      });
    }
  });
}
