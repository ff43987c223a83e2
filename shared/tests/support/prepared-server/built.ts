import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type Plugin } from "rolldown";
import { afterAll } from "vitest";
import lock from "./lock.ts";

const HERE = import.meta.dirname;

/** What makes two files of a lock file in the build of every server. */
async function listingsApart(): Promise<Plugin> {
  const { default: bundles } = await import(join(HERE, "../../../toolchain/rolldown.config.js"));
  const plugins: Plugin[] = bundles[1].plugins;
  const found = plugins.find(({ name }) => name === "listings-apart");
  if (!found) throw new Error("The build leaves lock files as they are");
  return found;
}

/** What stands in the place of `lock.ts`, which is a program so that it need not be written anew. */
const LOCK_FILE = join(HERE, "tools.lock.json");

export interface BuiltServer {
  /** The small file that users start. */
  entry: string;
  /** Puts another file in the place of what the small one loads. */
  replaceServer(code: string): Promise<void>;
}

/** The server as a build makes it, without its sources, for as long as the test file runs. */
export async function buildPrepared(): Promise<BuiltServer> {
  const dir = await mkdtemp(join(tmpdir(), "prepared-server-"));
  afterAll(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  const apart: Plugin = {
    name: "server-apart",
    resolveId: (id) => {
      if (id === "./server.ts") return { id: "./server.js", external: true };
      return id === "./lock.ts" ? LOCK_FILE : undefined;
    },
    load: (id) =>
      id === LOCK_FILE ? { code: JSON.stringify(lock), moduleType: "json" } : undefined,
  };
  const plugins = [apart, await listingsApart()];
  const common = { platform: "node", logLevel: "silent" } as const;
  const output = { dir, format: "esm", entryFileNames: "[name].js" } as const;
  await build({ ...common, input: { server: join(HERE, "server.ts") }, output });
  await build({ ...common, input: { stdio: join(HERE, "stdio.ts") }, plugins, output });
  await writeFile(join(dir, "package.json"), '{ "type": "module" }');
  return {
    entry: join(dir, "stdio.js"),
    replaceServer: (code) => writeFile(join(dir, "server.js"), code),
  };
}
