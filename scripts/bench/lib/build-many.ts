import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { repositoryRoot } from "../../lib/projects.ts";
import { run } from "../../lib/run.ts";

const source = join(import.meta.dirname, "..", "many");
const shared = join(repositoryRoot, "shared");

const manifest = {
  name: "many-server",
  version: "1.0.0",
  type: "module",
  imports: { "#shared/*": "./src/shared/*" },
  flotilla: { title: "Many", port: 3999 },
};

/**
 * Makes a server folder as the repository has them, of shared code as it is now, and builds it with
 * the toolchain that servers get. BENCH_TOOLS tells it at its start how many tools it has.
 */
export async function buildMany(scratch: string): Promise<string> {
  const folder = join(scratch, "many-server");
  const inFolder = (...path: string[]) => join(folder, ...path);
  await mkdir(inFolder("src"), { recursive: true });
  for (const name of ["core", "mcp"])
    await cp(join(shared, name), inFolder("src", "shared", name), { recursive: true });
  for (const name of ["server.ts", "http.ts", "stdio.ts"]) {
    const text = await readFile(join(source, name), "utf8");
    await writeFile(inFolder("src", name), text.replaceAll("../../../shared/", "#shared/"));
  }
  await writeFile(inFolder("package.json"), JSON.stringify(manifest));
  await symlink(join(shared, "node_modules"), inFolder("node_modules"), "junction");
  await cp(join(shared, "toolchain", "rolldown.config.js"), inFolder("rolldown.config.js"));
  const cli = inFolder("node_modules", "rolldown", "bin", "cli.mjs");
  const built = await run(process.execPath, [cli, "-c"], { cwd: folder, timeoutSeconds: 120 });
  if (!built.ok) throw new Error(`The server of many tools does not build:\n${built.output}`);
  return folder;
}
