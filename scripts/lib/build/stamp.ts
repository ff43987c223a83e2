import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { isRecord } from "../unknown.ts";

/** What a bundle is made of. The lockfile is among it, because packages are bundled. */
const SOURCES = [
  "src",
  "package.json",
  "pnpm-lock.yaml",
  "rolldown.config.js",
  "tsconfig.json",
  "tsconfig.base.json",
  "tools.lock.json",
];
/** Lies in dist, so that whatever replaces dist without us removes it too. */
const STAMP = join("dist", ".built-from.json");

function filesBelow(folder: string, path: string): string[] {
  const full = join(folder, path);
  if (!existsSync(full)) return [];
  const entries = readdirSync(full, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

const isFolder = (path: string) => path === "src" || path === "dist";

/**
 * One hash of everything a server is built from. Times are not asked: git sets them when it checks
 * a branch out, and a file that is deleted has none.
 */
export function hashSources(folder: string): string {
  const hash = createHash("sha256");
  const paths = SOURCES.flatMap((path) => (isFolder(path) ? filesBelow(folder, path) : [path]));
  for (const path of paths.sort()) {
    const file = join(folder, path);
    if (!existsSync(file)) continue;
    const content = readFileSync(file);
    hash.update(`${path.split(sep).join("/")}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/** Records what dist was built from: the hash as it was before the build began. */
export function writeStamp(folder: string, sources: string): void {
  const files = filesBelow(folder, "dist").sort();
  writeFileSync(join(folder, STAMP), `${JSON.stringify({ sources, files }, null, 2)}\n`);
}

/** Whether dist is missing, incomplete, or built from something else than what is there now. */
export function isStale(folder: string): boolean {
  const stamp = readStamp(folder);
  if (!isRecord(stamp) || !Array.isArray(stamp.files)) return true;
  if (stamp.files.some((file) => !existsSync(join(folder, String(file))))) return true;
  return stamp.sources !== hashSources(folder);
}

function readStamp(folder: string): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, STAMP), "utf8"));
  } catch {
    return undefined;
  }
}
