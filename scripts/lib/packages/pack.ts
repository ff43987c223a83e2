import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { SharedError } from "../copy/errors.ts";
import { packageManagers } from "../package-managers.ts";
import type { Project } from "../projects.ts";
import { run, runNode } from "../run.ts";
import { freshEnvironment } from "../standalone/environment.ts";
import { inTempFolder } from "../temp-folder.ts";
import { readToolsLock } from "../tools-lock.ts";

const PACK_SECONDS = 300;

/** Runs a program in a folder and returns what it said; throws that when it fails. */
export async function runIn(
  cwd: string,
  [command, ...first]: readonly [string, ...string[]],
  ...args: string[]
): Promise<string> {
  const env = freshEnvironment(dirname(dirname(cwd)));
  const options = { cwd, env, timeoutSeconds: PACK_SECONDS };
  const { ok, output } = await run(command, [...first, ...args], options);
  if (!ok) throw new SharedError(output.trim());
  return output;
}

const fileName = ({ name, dir }: Project) => `${name}-${readToolsLock(dir).version}`;

function requireBuilt({ name, dir }: Project): void {
  if (existsSync(join(dir, "dist", "stdio.cjs"))) return;
  throw new SharedError(`${name} is not built: run pnpm build ${name}`);
}

/** What `npm publish` would send: the path of the tarball. */
export async function packTarball(server: Project, out: string): Promise<string> {
  requireBuilt(server);
  mkdirSync(out, { recursive: true });
  const args = ["pack", "--ignore-scripts", "--pack-destination", out];
  await runIn(server.dir, packageManagers.npm, ...args);
  return join(out, `${fileName(server)}.tgz`);
}

/** What a bundle holds beside the packages that cannot be bundled. */
const BUNDLED = ["manifest.json", "package.json", "README.md", "dist"];
/** By these the packages are found, and then they are of no use. */
const LOCKS = ["pnpm-lock.yaml", "pnpm-workspace.yaml"];

/** The bundle that desktop clients install: the path of the .mcpb. */
export async function packBundle(server: Project, out: string): Promise<string> {
  requireBuilt(server);
  mkdirSync(out, { recursive: true });
  return inTempFolder(async (staging) => {
    const copy = (name: string) =>
      existsSync(join(server.dir, name)) &&
      cpSync(join(server.dir, name), join(staging, name), { recursive: true });
    for (const name of BUNDLED) copy(name);
    if (hasDependencies(server.dir)) {
      for (const name of LOCKS) copy(name);
      // a zip keeps no links, which pnpm's own layout is made of
      const flat = ["install", "--prod", "--frozen-lockfile", "--config.node-linker=hoisted"];
      await runIn(staging, packageManagers.pnpm, ...flat, "--ignore-scripts");
      for (const name of LOCKS) rmSync(join(staging, name));
      for (const name of [".modules.yaml", ".pnpm", ".pnpm-workspace-state-v1.json", ".bin"])
        rmSync(join(staging, "node_modules", name), { recursive: true, force: true });
    }
    const file = join(out, `${fileName(server)}.mcpb`);
    await mcpb("pack", staging, file);
    return file;
  });
}

function hasDependencies(folder: string): boolean {
  const { dependencies = {} }: { dependencies?: object } = createRequire(import.meta.url)(
    join(folder, "package.json"),
  );
  return Object.keys(dependencies).length > 0;
}

/** Runs Anthropic's own packer. */
export async function mcpb(...args: string[]): Promise<void> {
  const library = createRequire(import.meta.url).resolve("@anthropic-ai/mcpb");
  const cli = join(dirname(library), "cli", "cli.js");
  const { ok, output } = await runNode([cli, ...args], {
    cwd: tmpdir(),
    timeoutSeconds: PACK_SECONDS,
  });
  if (!ok) throw new SharedError(output.trim());
}
