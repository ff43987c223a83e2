import { isAbsolute, join, relative } from "node:path";
import { SharedError } from "./errors.ts";
import { listModules } from "./modules.ts";
import { pickServers } from "./servers.ts";
import { type View, viewServer } from "./view.ts";

/** One copied file that a command was called with. */
export interface Picked {
  readonly view: View;
  readonly path: string;
}

/**
 * Finds a copy by its path in the server, from the root, on the disk, or by its source with or
 * without "shared/".
 */
export function pickCopy(root: string, serverName: string, given: string): Picked {
  const [server] = pickServers(root, [serverName]);
  if (!server) throw new SharedError(`no server is called "${serverName}"`);
  const view = viewServer(server, listModules(root));
  const fromRoot = isAbsolute(given) ? relative(root, given) : given;
  const wanted = fromRoot.replaceAll("\\", "/").replace(/^\.\//, "");
  const inServer = wanted.replace(join("servers", server.name, "/").replaceAll("\\", "/"), "");
  const sources = new Map([
    ...[...view.lock].map(([path, entry]): [string, string] => [path, entry.source]),
    ...[...view.files].map(([path, file]): [string, string] => [path, file.source]),
  ]);
  if (sources.has(inServer)) return { view, path: inServer };
  const source = wanted.replace(/^shared\//, "");
  const found = [...sources].find(([, one]) => one === source);
  if (found) return { view, path: found[0] };
  throw new SharedError(`"${given}" is not a copied file of ${server.name}`);
}
