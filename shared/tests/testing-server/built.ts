import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "rolldown";
import { afterAll } from "vitest";

const HERE = import.meta.dirname;
/** Inside the project, because files elsewhere find no packages; ignored by git with all of it. */
const MODULES = join(HERE, "..", "..", "node_modules");

/** Bundles files of this folder as servers are, for as long as the test file runs. */
export async function builtEntries<N extends string>(
  names: readonly N[],
): Promise<Record<N, { entry: string }>> {
  const dir = await mkdtemp(join(MODULES, ".testing-server-"));
  afterAll(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  await build({
    input: Object.fromEntries(names.map((name) => [name, join(HERE, `${name}.ts`)])),
    platform: "node",
    logLevel: "silent",
    output: { dir, format: "esm" },
  });
  const entries = names.map((name) => [name, { entry: join(dir, `${name}.js`) }]);
  return Object.fromEntries(entries);
}
