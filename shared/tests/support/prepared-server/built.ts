import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type OutputOptions, type Plugin } from "rolldown";
import { afterAll } from "vitest";
import lock from "./lock.ts";

const HERE = import.meta.dirname;

/** How the build of every server makes the stdio entry. */
async function stdioBuild(): Promise<{ plugins: Plugin[]; output: OutputOptions }> {
  const { default: bundles } = await import(join(HERE, "../../../toolchain/rolldown.config.js"));
  return bundles[1];
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
  const lockFile: Plugin = {
    name: "lock-file",
    resolveId: (id) => (id === "./lock.ts" ? LOCK_FILE : undefined),
    load: (id) =>
      id === LOCK_FILE ? { code: JSON.stringify(lock), moduleType: "json" } : undefined,
  };
  const { plugins, output } = await stdioBuild();
  const common = { platform: "node", logLevel: "silent" } as const;
  await build({
    ...common,
    input: { server: join(HERE, "server.ts") },
    output: { dir, format: "esm", entryFileNames: "[name].js" },
  });
  await build({
    ...common,
    input: { stdio: join(HERE, "stdio.ts") },
    plugins: [...plugins, lockFile],
    output: { ...output, dir },
  });
  await writeFile(join(dir, "package.json"), '{ "type": "module" }');
  return {
    entry: join(dir, "stdio.cjs"),
    replaceServer: (code) => writeFile(join(dir, "server.js"), code),
  };
}
