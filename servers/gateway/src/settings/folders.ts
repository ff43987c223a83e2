import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Inputs } from "../remembered/inputs.ts";
import { nameFault, shortName } from "./names.ts";
import { DEFAULTS, type PackageSpec } from "./spec.ts";

/**
 * What is mounted when no file says otherwise. A folder whose name cannot be a path, or is another's
 * already, is left out: the others are of use without it.
 */
export function specsOfFolders(folders: readonly string[]): {
  mounts: PackageSpec[];
  leftOut: string[];
} {
  const leftOut: string[] = [];
  const specs = new Map<string, PackageSpec>();
  for (const folder of folders.map((one) => resolve(one)).sort()) {
    const name = shortName(folder);
    const taken = specs.get(name);
    const fault = nameFault(name) ?? (taken && `"${name}" is the name of ${taken.folder} as well`);
    if (fault) leftOut.push(`${folder}: ${fault}; give it a name in a gateway.json`);
    else {
      const settings = {
        ...DEFAULTS,
        prefix: name,
        required: false,
        tools: { deny: [] },
        credentials: [],
      };
      specs.set(name, {
        kind: "package",
        name,
        folder,
        env: {},
        isolation: "inprocess",
        ...settings,
      });
    }
  }
  return { mounts: [...specs.values()], leftOut };
}

/** The folder that holds the gateway's package.json, from one of its files in src/ or dist/. */
export function packageFolder(file: string): string {
  let folder = dirname(file);
  while (!existsSync(join(folder, "package.json"))) {
    const above = dirname(folder);
    if (above === folder) return dirname(file);
    folder = above;
  }
  return folder;
}

/** The server folders that stand beside a folder. */
export function siblingServers(folder: string, inputs?: Inputs): string[] {
  const parent = dirname(folder);
  inputs?.file(parent);
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map((entry) => join(parent, entry.name))
    .filter((one) => one !== folder && isServer(one, inputs))
    .sort();
}

/** A folder is a server by the block that every server's package.json has. */
function isServer(folder: string, inputs?: Inputs): boolean {
  const file = join(folder, "package.json");
  inputs?.file(file);
  try {
    const manifest: unknown = JSON.parse(readFileSync(file, "utf8"));
    return typeof manifest === "object" && manifest !== null && "flotilla" in manifest;
  } catch {
    return false;
  }
}
