import { ToolError } from "#shared/core/errors.ts";
import type { Node } from "./node.ts";
import type { Place } from "./place.ts";
import { refuse } from "./refuse.ts";
import { enter, follow, type Walk, type WalkRules, walkFrom } from "./walk.ts";

/** A name in a folder that is held; whether something stands there is not said. */
export interface FoundEntry {
  /** Of the name itself, without links. */
  place: Place;
  folder: Node;
  name: string;
}

export interface EntryRules {
  /** A link in the last name: go where it leads, or take the link itself. */
  followLast: boolean;
}

/** Finds the folder of a name that may not exist yet. The caller releases the folder. */
export async function walkToEntry(
  place: Place,
  path: string,
  rules: WalkRules,
  options: EntryRules,
): Promise<FoundEntry> {
  const walk: Walk = { rules, path, links: 0, steps: 0 };
  let next = place;
  for (;;) {
    const reached = await stepTo(next, walk, options);
    if ("folder" in reached) return reached;
    next = reached;
  }
}

async function stepTo(
  { root, parts }: Place,
  walk: Walk,
  options: EntryRules,
): Promise<FoundEntry | Place> {
  const { path } = walk;
  const name = parts.at(-1);
  if (name === undefined)
    throw refuse("invalid_path", { path, because: "An allowed folder itself cannot be changed" });
  if (name === "..") return realPlace({ root, parts }, walk);
  const { place: folder, node } = await walkFrom({ root, parts: parts.slice(0, -1) }, walk);
  let isKept = false;
  try {
    if (!node.stats.isDirectory()) throw refuse("not_a_directory", { path });
    const found = await lookUp(node, name, folder, walk);
    if (found.isLink && options.followLast) return await follow(folder, node, [name], walk);
    isKept = true;
    const place = { root: folder.root, parts: [...folder.parts, found.name] };
    return { place, folder: node, name: found.name };
  } finally {
    if (!isKept) await node.release();
  }
}

async function realPlace(place: Place, walk: Walk): Promise<Place> {
  const found = await walkFrom(place, walk);
  await found.node.release();
  return found.place;
}

async function lookUp(
  node: Node,
  name: string,
  folder: Place,
  walk: Walk,
): Promise<{ name: string; isLink: boolean }> {
  const target = await enter(node, name, folder.parts, walk).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (!target) return { name, isLink: false };
  const isLink = target.stats.isSymbolicLink();
  await target.release();
  return { name: target.name, isLink };
}

const isMissing = (error: unknown) =>
  error instanceof ToolError && error.details.reason === "not_found";
