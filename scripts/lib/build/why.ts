import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { isRecord } from "../unknown.ts";
import { kilobytes } from "./sizes.ts";

export interface ModuleSize {
  /** The package, with its name only, or the file's path in the server. */
  name: string;
  /** Bytes before white space is removed. */
  bytes: number;
}

/** A package is one line, whatever number of files it has; a file of ours is one each. */
function nameOf(id: string, folder: string): string {
  const path = id.split(sep).join("/");
  const inPackage = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  return inPackage ?? (id.startsWith(folder) ? relative(folder, id).split(sep).join("/") : path);
}

export function readModuleSizes(file: string, folder: string): ModuleSize[] {
  const list: unknown = JSON.parse(readFileSync(file, "utf8"));
  const sums = new Map<string, number>();
  for (const item of Array.isArray(list) ? list : []) {
    if (!isRecord(item) || typeof item.id !== "string" || typeof item.bytes !== "number") continue;
    const name = nameOf(item.id, folder);
    sums.set(name, (sums.get(name) ?? 0) + item.bytes);
  }
  const all = [...sums].map(([name, bytes]) => ({ name, bytes }));
  return all.filter(({ bytes }) => bytes > 0).sort((a, b) => b.bytes - a.bytes);
}

const SHOWN = 12;

export function formatModuleSizes(sizes: readonly ModuleSize[]): string[] {
  const lines = sizes
    .slice(0, SHOWN)
    .map(({ name, bytes }) => `        ${kilobytes(bytes).padStart(10)}  ${name}`);
  const rest = sizes.slice(SHOWN);
  if (rest.length === 0) return lines;
  const bytes = rest.reduce((sum, module) => sum + module.bytes, 0);
  return [...lines, `        ${kilobytes(bytes).padStart(10)}  ${rest.length} others`];
}
