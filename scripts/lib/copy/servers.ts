import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { SharedError } from "./errors.ts";
import { asObject, asTexts, type JsonObject, readJson } from "./json.ts";

export interface Server {
  readonly name: string;
  readonly folder: string;
}

/** Every folder of servers/ that has a package.json, by name. */
export function listServers(root: string): Server[] {
  const servers = join(root, "servers");
  if (!existsSync(servers)) return [];
  return readdirSync(servers)
    .filter((name) => existsSync(join(servers, name, "package.json")))
    .sort()
    .map((name) => ({ name, folder: join(servers, name) }));
}

/** The named servers ("greet-server" or "servers/greet-server/"); without names all of them. */
export function pickServers(root: string, names: readonly string[]): Server[] {
  const known = listServers(root);
  if (names.length === 0) return known;
  return [...new Set(names)].map((name) => {
    const short = name
      .replaceAll("\\", "/")
      .replace(/^(\.\/)?servers\//, "")
      .replace(/\/$/, "");
    const server = known.find((one) => one.name === short);
    if (server) return server;
    const list = known.map((one) => one.name).join(", ") || "none";
    throw new SharedError(`no server is called "${name}"; there are: ${list}`);
  });
}

export function readManifest(server: Server): JsonObject {
  return readJson(join(server.folder, "package.json"), `servers/${server.name}/package.json`);
}

/** The modules a server asks for in its package.json. */
export function modulesAskedBy(manifest: JsonObject): string[] {
  const flotilla = asObject(manifest.flotilla ?? {}, "flotilla in package.json");
  return asTexts(flotilla.shared ?? [], "flotilla.shared in package.json");
}
