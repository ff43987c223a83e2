import { isAbsolute, resolve } from "node:path";
import type { DenyList } from "./deny.ts";
import type { Node, Strategy } from "./node.ts";
import { isUsableName } from "./path-rules.ts";
import type { Place, Root } from "./place.ts";
import { errnoOf, fromSystem, isBusy, refuse } from "./refuse.ts";
import { type Roots, rootUnavailable, splitPath } from "./roots.ts";

/** Links that one path may go through, as in Linux. */
export const MAX_LINKS = 40;
/** Names that one path may be looked up by, all restarts together. */
export const MAX_STEPS = 4_096;

export interface WalkRules {
  strategy: Strategy;
  roots: Roots;
  deny: DenyList;
  followLinks: boolean;
}

export interface Found {
  /** Where it really is: no link and no `..` is left. */
  place: Place;
  node: Node;
}

export interface Walk {
  rules: WalkRules;
  /** What the caller wrote. */
  path: string;
  links: number;
  steps: number;
}

/**
 * Finds an object name by name, each looked up in the one before, so that no name is looked up
 * twice. A link, or `..`, starts the walk again at a root with the path that it stands for: thus
 * nothing is ever reached but from a root downwards. The caller releases the node.
 */
export function walkTo(place: Place, path: string, rules: WalkRules): Promise<Found> {
  return walkFrom(place, { rules, path, links: 0, steps: 0 });
}

export async function walkFrom(place: Place, walk: Walk): Promise<Found> {
  let next = place;
  for (;;) {
    const reached = await descend(next, walk);
    if ("node" in reached) return reached;
    next = reached;
  }
}

export async function openRoot(root: Root, { strategy }: WalkRules): Promise<Node> {
  try {
    return await strategy.openRoot(root.canonical);
  } catch (error) {
    throw isBusy(error) ? refuse("busy", { cause: error }) : rootUnavailable(root.given, error);
  }
}

/** Either the object, or the place where to go on looking for it. */
async function descend(place: Place, walk: Walk): Promise<Found | Place> {
  const { root, parts } = place;
  const done: string[] = [];
  let node = await openRoot(root, walk.rules);
  let isKept = false;
  try {
    for (const [index, name] of parts.entries()) {
      const rest = parts.slice(index + 1);
      if (!node.stats.isDirectory()) throw refuse("not_a_directory", { path: walk.path });
      if (name === "..") return climb({ root, parts: done }, rest, walk);
      const next = await enter(node, name, done, walk);
      if (next.stats.isSymbolicLink()) {
        await next.release();
        return await follow({ root, parts: done }, node, [name, ...rest], walk);
      }
      const left = node;
      node = next;
      done.push(next.name);
      await left.release();
    }
    isKept = true;
    return { place: { root, parts: done }, node };
  } finally {
    if (!isKept) await node.release();
  }
}

export async function enter(
  node: Node,
  name: string,
  done: readonly string[],
  walk: Walk,
): Promise<Node> {
  const { path, rules } = walk;
  walk.steps += 1;
  if (walk.steps > MAX_STEPS)
    throw refuse("invalid_path", { path, because: "The path takes too many steps" });
  // before anything is looked at: the answer does not tell whether the file exists
  rules.deny.check([...done, name], path);
  const next = await node.enter(name).catch((error: unknown) => {
    throw fromSystem(error, path);
  });
  if (next.name !== name) rules.deny.check([...done, next.name], path);
  return next;
}

/** `..` after a link means the folder the link leads to, as it does for the system. */
function climb(folder: Place, rest: readonly string[], { path }: Walk): Place {
  if (folder.parts.length === 0) throw refuse("outside_root", { path });
  return { root: folder.root, parts: [...folder.parts.slice(0, -1), ...rest] };
}

async function readLink(node: Node, name: string, { rules, path }: Walk): Promise<string> {
  if (!rules.followLinks)
    throw refuse("symlink", { path, because: "Symbolic links are not followed (SYMLINKS=none)" });
  return node.readLink(name).catch((error: unknown) => {
    // no link any more: it was replaced since it was entered
    throw errnoOf(error) === "EINVAL" ? refuse("changed", { path }) : fromSystem(error, path);
  });
}

/** Where the link that is the first name leads, with the names behind it. Its target is never shown, nor whether anything is there. */
export async function follow(
  folder: Place,
  node: Node,
  [name = "", ...rest]: readonly string[],
  walk: Walk,
): Promise<Place> {
  const { path, rules } = walk;
  const target = await readLink(node, name, walk);
  walk.links += 1;
  if (walk.links > MAX_LINKS)
    throw refuse("symlink", { path, because: "The path goes through too many symbolic links" });
  const next = await resolveLink(folder, target, rules.roots);
  if (!next?.parts.every(isUsableName))
    throw refuse("symlink", { path, because: "A symbolic link on the path leads outside" });
  return { root: next.root, parts: [...next.parts, ...rest] };
}

async function resolveLink(
  folder: Place,
  target: string,
  roots: Roots,
): Promise<Place | undefined> {
  if (isAbsolute(target)) return roots.locateAbsolute(target);
  const names = splitPath(target);
  const named = names.findIndex((name) => name !== "..");
  const climbs = named === -1 ? names.length : named;
  if (climbs <= folder.parts.length)
    return { root: folder.root, parts: [...folder.parts, ...names] };
  // above the root, and perhaps down again into an allowed folder
  return roots.locateAbsolute(resolve(folder.root.canonical, ...folder.parts, target));
}
