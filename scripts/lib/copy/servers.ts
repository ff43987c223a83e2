import { join } from "node:path";
import { isCalled, serverNames } from "../projects.ts";
import { SharedError } from "./errors.ts";
import { asObject, asTexts, type JsonObject, readJson } from "./json.ts";

export interface Server {
  readonly name: string;
  readonly folder: string;
}

/** Every folder of servers/ that has a package.json, by name. */
export function listServers(root: string): Server[] {
  return serverNames(root).map((name) => ({ name, folder: join(root, "servers", name) }));
}

/** The named servers; without names all of them. */
export function pickServers(root: string, names: readonly string[]): Server[] {
  const known = listServers(root);
  if (names.length === 0) return known;
  const picked = names.map((name) => {
    const server = known.find((one) => isCalled(one, name));
    if (server) return server;
    const list = known.map((one) => one.name).join(", ") || "none";
    throw new SharedError(`no server is called "${name}"; there are: ${list}`);
  });
  return [...new Set(picked)];
}

export function readManifest(server: Server): JsonObject {
  return readJson(join(server.folder, "package.json"), `servers/${server.name}/package.json`);
}

/** The modules a server asks for in its package.json. */
export function modulesAskedBy(manifest: JsonObject): string[] {
  const flotilla = asObject(manifest.flotilla ?? {}, "flotilla in package.json");
  return asTexts(flotilla.shared ?? [], "flotilla.shared in package.json");
}
