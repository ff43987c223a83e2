import type { Stats } from "node:fs";
import { join, sep } from "node:path";
import type { DenyState } from "../sandbox/deny.ts";
import { readEntries } from "../sandbox/entries.ts";
import type { Node, RawEntry } from "../sandbox/node.ts";
import { refuseFolderPath, UNDECODED } from "../sandbox/path-rules.ts";
import type { Place } from "../sandbox/place.ts";
import { errnoOf, refuse } from "../sandbox/refuse.ts";
import type { RootState } from "../sandbox/roots.ts";
import type { FoundEntry } from "../sandbox/walk-entry.ts";

/** Entries in a folder that is moved, copied or deleted as a whole, and how deep they may lie. */
export const MAX_TREE_ENTRIES = 100_000;
export const MAX_TREE_DEPTH = 100;

export interface TreeScan {
  path: string;
  signal: AbortSignal;
  entries: number;
}

/**
 * Refuses a folder that holds names which are denied: under another name of the folder, `.git/config`
 * would be denied no more. Refuses what is too large to be looked through.
 */
export async function refuseDenied(
  node: Node,
  deny: DenyState,
  scan: TreeScan,
  depth = 0,
): Promise<void> {
  if (depth > MAX_TREE_DEPTH) throw tooLarge(scan, `lies deeper than ${MAX_TREE_DEPTH} folders`);
  const found = await readEntries(node, { deny, includeHidden: true, signal: scan.signal });
  if (found.denied > 0)
    throw refuse("denied_by_pattern", {
      path: scan.path,
      because: "The folder holds files that the owner keeps from being used (DENY_PATTERNS)",
    });
  countEntries(scan, found.shown.length + (found.isCut ? MAX_TREE_ENTRIES : 0));
  for (const { name } of foldersOf(found.shown)) {
    const child = await enterListed(node, name);
    // a folder that has gone holds nothing; one whose name is not text cannot be looked into
    if (!child && !name.includes(UNDECODED)) continue;
    if (!child) throw unreadableName(scan);
    try {
      if (child.stats.isDirectory()) await refuseDenied(child, deny.step(name), scan, depth + 1);
    } finally {
      await child.release();
    }
  }
}

const unreadableName = ({ path }: TreeScan) =>
  refuse("invalid_path", {
    path,
    because: "The folder holds a folder whose name is not text, which cannot be looked into",
  });

/** A name that its folder lists; undefined where it has gone, or where the name is not text. */
export async function enterListed(folder: Node, name: string): Promise<Node | undefined> {
  try {
    return await folder.enter(name);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

export const foldersOf = (entries: readonly RawEntry[]) =>
  entries.filter(({ type }) => type === "directory");

export function countEntries(scan: TreeScan, count: number): void {
  scan.entries += count;
  if (scan.entries > MAX_TREE_ENTRIES) throw tooLarge(scan, `has over ${MAX_TREE_ENTRIES} entries`);
}

export const tooLarge = ({ path }: TreeScan, what: string) =>
  refuse("too_large", { path, because: `The folder ${what}; take its parts one by one` });

/** Looks at a name, which must be there, and be a folder if the path ends like one. */
export async function mustStand({ folder, name }: FoundEntry, path: string): Promise<Stats> {
  const stats = await folder.lookAt(name);
  if (!stats) throw refuse("not_found", { path });
  if (!stats.isDirectory()) refuseFolderPath(path);
  return stats;
}

/**
 * An allowed folder may lie in another one: it is not moved or deleted there, nor one around it, be it
 * a folder, a link or not there yet: whatever came in its place would be allowed.
 */
export function refuseRoots(
  roots: readonly RootState[],
  { root, parts }: Place,
  path: string,
): void {
  const own = [root.canonical, root.given].map((folder) => join(folder, ...parts));
  const isAround = (folder: string) =>
    own.some((path) => folder === path || folder.startsWith(path + sep));
  if (
    roots.some(({ given, root: found }) => isAround(given) || isAround(found?.canonical ?? given))
  )
    throw refuse("invalid_path", {
      path,
      because: "An allowed folder itself cannot be changed, nor a folder around one",
    });
}

/** A folder that is put into itself would not end, or be nowhere. */
export function refuseInside(from: Place, to: Place, path: string): void {
  const isInside =
    from.root.canonical === to.root.canonical &&
    from.parts.every((part, index) => part === to.parts[index]);
  if (isInside)
    throw refuse("invalid_path", { path, because: "A folder cannot be put into itself" });
}
