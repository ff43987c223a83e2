import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ServerModule } from "../../../shared/core/contract.ts";
import { SharedError } from "../copy/errors.ts";
import { asObject, readJson } from "../copy/json.ts";
import { readDeployFacts } from "../deploy/deploy-facts.ts";
import type { Project } from "../projects.ts";
import { isRecord, messageOf } from "../unknown.ts";
import type { ServerFacts } from "./facts.ts";
import { readPackage } from "./package-facts.ts";
import { type KindOf, readVariables } from "./variables.ts";

const CONTRACT = 1;

/** Reads all there is to know about a server: its definition, its configuration, its package.json. */
export async function loadFacts(project: Project): Promise<ServerFacts> {
  const label = `servers/${project.name}/package.json`;
  const { server } = await load(project, "src/server.ts");
  const manifest = readJson(join(project.dir, "package.json"), label);
  const { standardVariables } = await load(project, "src/shared/core/config.ts");
  const config = await loadConfig(project, standardVariables);
  if (!isServer(server))
    throw new SharedError(`src/server.ts exports no "server" of contract ${CONTRACT}`);
  if (server.name !== project.name)
    throw new SharedError(
      `its folder is ${project.name}, but package.json calls it ${server.name}`,
    );
  return {
    name: project.name,
    server,
    package: readPackage(manifest, label),
    deploy: readDeployFacts(asObject(manifest.flotilla ?? {}, `${label} flotilla`), label),
    variables: readVariables(config, standardVariables, await loadKindOf(project)),
    regions: await loadRegions(project),
  };
}

function isServer(value: unknown): value is ServerModule {
  return isRecord(value) && value.contract === CONTRACT;
}

/** Most servers' READMEs have only what every server has. */
async function loadRegions(project: Project): Promise<Record<string, string>> {
  if (!existsSync(join(project.dir, "src", "readme.ts"))) return {};
  const { regions } = await load(project, "src/readme.ts");
  if (!isRecord(regions)) throw new SharedError(`src/readme.ts exports no "regions"`);
  return Object.fromEntries(Object.entries(regions).map(([name, text]) => [name, String(text)]));
}

/** A server without variables of its own has no config.ts. */
async function loadConfig(project: Project, standard: unknown): Promise<unknown> {
  if (!existsSync(join(project.dir, "src", "config.ts"))) return standard;
  const { config } = await load(project, "src/config.ts");
  if (!isRecord(config)) throw new SharedError(`src/config.ts exports no "config"`);
  return config.variables;
}

async function loadKindOf(project: Project): Promise<KindOf> {
  const { variableKind } = await load(project, "src/shared/core/variable-kind.ts");
  if (typeof variableKind === "function") return (schema) => variableKind(schema);
  throw new SharedError(`its copy of shared/core is too old: run pnpm shared:copy ${project.name}`);
}

/** Imports a file of the server; its packages are those of the server's own node_modules. */
async function load(project: Project, path: string): Promise<Record<string, unknown>> {
  try {
    return await import(pathToFileURL(join(project.dir, path)).href);
  } catch (error) {
    const hint = existsSync(join(project.dir, "src", "shared"))
      ? ""
      : `; it has no src/shared: run pnpm shared:copy ${project.name}`;
    throw new SharedError(`${path} does not load: ${messageOf(error)}${hint}`);
  }
}
