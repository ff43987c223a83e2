import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type Plugin } from "rolldown";
import { afterAll } from "vitest";
import { lock } from "./lock.ts";

const HERE = import.meta.dirname;

export interface BuiltServer {
  /** The small file that users start. */
  entry: string;
  /** Puts another file in the place of what the small one loads. */
  replaceServer(code: string): Promise<void>;
}

/** The server as a build makes it, two files and nothing beside them, for as long as the test file runs. */
export async function buildPrepared(): Promise<BuiltServer> {
  const dir = await mkdtemp(join(tmpdir(), "prepared-server-"));
  afterAll(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  const apart: Plugin = {
    name: "server-apart",
    resolveId: (id) => (id === "./server.ts" ? { id: "./server.js", external: true } : undefined),
    load: (id) =>
      id === join(HERE, "lock.ts") ? `export const lock = ${JSON.stringify(lock)};` : undefined,
  };
  const common = { platform: "node", logLevel: "silent" } as const;
  const output = { dir, format: "esm", entryFileNames: "[name].js" } as const;
  await build({ ...common, input: { server: join(HERE, "server.ts") }, output });
  await build({ ...common, input: { stdio: join(HERE, "stdio.ts") }, plugins: [apart], output });
  await writeFile(join(dir, "package.json"), '{ "type": "module" }');
  return {
    entry: join(dir, "stdio.js"),
    replaceServer: (code) => writeFile(join(dir, "server.js"), code),
  };
}
