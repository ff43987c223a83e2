import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { rolldown } from "rolldown";

/** The suite, and the server that it tests, are of the repository that this folder stands in. */
export const RUNNER = resolve("../../scripts/conformance/suite.ts");
const FIXTURE = resolve("../../shared/tests/fixtures/conformance/server.ts");
const SUITE = resolve("../../scripts/conformance/node_modules/@modelcontextprotocol/conformance");

export const hasSuite = [RUNNER, FIXTURE, SUITE].every((path) => existsSync(path));

/** The suite's server as a package, in a folder of its own under `root`. */
export async function buildFixture(root: string): Promise<string> {
  const folder = join(root, "fixture-server");
  await mkdir(folder);
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  const bundle = await rolldown({
    input: { server: FIXTURE },
    platform: "node",
    logLevel: "silent",
  });
  await bundle.write({ dir: join(folder, "dist"), format: "esm" });
  await bundle.close();
  return folder;
}
