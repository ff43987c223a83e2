import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { copyShared } from "./copy/copy.ts";
import { formatReport } from "./copy/report.ts";
import { generate } from "./generate/command.ts";
import { stepFailed } from "./new-server.ts";
import { packageManagers } from "./package-managers.ts";
import { findProjects } from "./projects.ts";
import { run, runNode } from "./run.ts";
import { type NewServer, renderTemplate } from "./template.ts";

type Write = (line: string) => void;

/** Writes the folder, brings it shared code and packages, and generates what follows from it. */
export async function makeServer(root: string, server: NewServer, write: Write): Promise<void> {
  const { name, port } = server;
  writeServerFiles(root, name, renderTemplate(root, server));
  write(`written servers/${name}, port ${port}`);
  await equip(root, server, write);
  await format(root, name);
  await generateFiles(root, name, write);
}

/** Writes files of a server, by their path in its folder. */
export function writeServerFiles(
  root: string,
  name: string,
  files: ReadonlyMap<string, string>,
): void {
  for (const [path, text] of files) {
    const file = join(root, "servers", name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** Brings a server what its package.json asks for: shared code and packages. */
export async function equip(
  root: string,
  { name, shared }: Pick<NewServer, "name" | "shared">,
  write: Write,
): Promise<void> {
  const report = await copyShared({ root, servers: [name] });
  if (report.failed) throw stepFailed(name, "pnpm shared:copy", formatReport(report).join("\n"));
  write(`copied  shared code: ${shared.join(", ")}`);
  await install(root, name);
  write("written its pnpm-lock.yaml, and installed");
}

const INSTALL_SECONDS = 300;

async function install(root: string, name: string): Promise<void> {
  const [command, ...first] = packageManagers.pnpm;
  const args = ["install", "--no-frozen-lockfile", "--filter", `./servers/${name}`];
  const options = { cwd: root, timeoutSeconds: INSTALL_SECONDS };
  const { ok, output } = await run(command, [...first, ...args], options);
  if (!ok) throw stepFailed(name, `pnpm ${args.join(" ")}`, output);
}

export async function generateFiles(root: string, name: string, write: Write): Promise<void> {
  const servers = findProjects(root).filter(({ kind }) => kind === "server");
  const chosen = servers.filter((server) => server.name === name);
  const lines: string[] = [];
  const collect = (line: string) => lines.push(line);
  const done = await generate({ root, servers, chosen, check: false, write: collect });
  if (!done) throw stepFailed(name, `pnpm generate ${name}`, lines.join("\n"));
  for (const line of lines) write(line);
}

/** A longer name may break a line elsewhere than the model's did. Not linted: that reads the types of the whole repository. */
export async function format(root: string, name: string): Promise<void> {
  const biome = join(root, "node_modules", "@biomejs", "biome", "bin", "biome");
  const args = [biome, "format", "--write", `servers/${name}`];
  const { ok, output } = await runNode(args, { cwd: root });
  if (!ok) throw stepFailed(name, `biome format servers/${name}`, output);
}
