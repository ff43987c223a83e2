import { readFileSync } from "node:fs";
import { join } from "node:path";
import { asObject, type JsonObject } from "./copy/json.ts";
import { filesOf, listModules, withNeeds } from "./copy/modules.ts";
import { modulesAskedBy, readManifest } from "./copy/servers.ts";
import { isGenerated } from "./generate/outputs.ts";
import { shippedFiles } from "./git-files.ts";
import { MODEL, type NewNames, rename } from "./template-names.ts";

export interface NewServer extends NewNames {
  title: string;
  /** The modules of shared code it takes, without those they need. */
  shared: string[];
}

/**
 * The files of a new server, by path: those that somebody wrote for the model, with its names
 * replaced. There is no second template that could fall behind. What is copied and what is generated
 * is left out, because it is made anew.
 */
export function renderTemplate(root: string, server: NewServer): Map<string, string> {
  const folder = join(root, "servers", MODEL);
  const made = new Set([...copiedPaths(root), "shared.lock.json"]);
  const files = new Map<string, string>();
  for (const path of shippedFiles(folder)) {
    if (made.has(path) || isGenerated(path)) continue;
    const text = readFileSync(join(folder, path), "utf8");
    // a lockfile holds no name of ours, and numbers that only look like a port
    const isLock = path === "pnpm-lock.yaml";
    files.set(rename(path, server), isLock ? text : rename(text, server));
  }
  const manifest = files.get("package.json") ?? "{}";
  return files.set("package.json", renderManifest(JSON.parse(manifest), server));
}

/** The modules without which the model's files do not work. */
export function modelModules(root: string): string[] {
  return modulesAskedBy(readManifest({ name: MODEL, folder: join(root, "servers", MODEL) }));
}

function copiedPaths(root: string): string[] {
  return [...filesOf(withNeeds(listModules(root), modelModules(root))).keys()];
}

function renderManifest(manifest: JsonObject, { title, port, shared }: NewServer): string {
  const flotilla = { ...asObject(manifest.flotilla, "flotilla"), title, port, shared };
  const description = "Greets a person by name, until it does something else";
  return `${JSON.stringify({ ...manifest, version: "0.1.0", description, flotilla }, null, 2)}\n`;
}
