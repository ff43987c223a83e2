import type { DenyState } from "../sandbox/deny.ts";
import type { Node } from "../sandbox/node.ts";
import { refuseFolderPath } from "../sandbox/path-rules.ts";
import { shownPath } from "../sandbox/place.ts";
import { refuse } from "../sandbox/refuse.ts";
import type { FoundEntry } from "../sandbox/walk-entry.ts";
import { linkFile, moveTo, replaceBy } from "./disk.ts";
import { BACKUP, stored } from "./journal.ts";
import { objectId } from "./object-id.ts";
import { mustStand, refuseDenied, refuseInside, refuseRoots } from "./scan-tree.ts";
import type { Workshop } from "./workshop.ts";

const LINK_ITSELF = { followLast: false };

interface Options {
  signal: AbortSignal;
}

/** Moves a file, a link or a folder into the trash of its root. */
export function deletePath(
  shop: Workshop,
  path: string,
  { recursive, signal }: Options & { recursive: boolean },
): Promise<{ path: string; type: string }> {
  return shop.sandbox.withEntry(path, LINK_ITSELF, async (entry) => {
    const { place } = entry;
    await shop.ready(place.root);
    return shop.withLock([place], signal, async () => {
      const stats = await mustStand(entry, path);
      refuseRoots(await shop.sandbox.listRoots(), place, path);
      if (stats.isDirectory())
        await checkFolder(entry, {
          path,
          signal,
          recursive,
          deny: shop.sandbox.denyIn(place),
        });
      return shop.change(place, { operation: "delete", isNew: false }, async ({ node }) => {
        await replaceBy(entry, { folder: node, name: BACKUP });
        const type = stats.isDirectory() ? "directory" : "file";
        return { result: { path: shownPath(place), type } };
      });
    });
  });
}

interface FolderCheck extends Options {
  path: string;
  deny: DenyState;
  recursive?: boolean;
}

/** Refuses a folder that holds what is denied, or is not empty and has to be. */
export async function checkFolder(
  { folder, name }: FoundEntry,
  { path, signal, deny, recursive = true }: FolderCheck,
): Promise<void> {
  const node = await folder.enter(name);
  try {
    if (!node.stats.isDirectory()) throw refuse("changed", { path });
    if (!recursive && (await hasEntries(node)))
      throw refuse("not_empty", { path, because: "The folder is not empty; set recursive" });
    await refuseDenied(node, deny, { path, signal, entries: 0 });
  } finally {
    await node.release();
  }
}

async function hasEntries(node: Node): Promise<boolean> {
  for await (const batch of node.entries()) if (batch.length > 0) return true;
  return false;
}

export interface MoveOptions extends Options {
  overwrite: boolean;
}

/** Moves or renames. What stands at the destination is replaced only if it is a file, and on demand. */
export function movePath(
  shop: Workshop,
  source: string,
  destination: string,
  options: MoveOptions,
): Promise<{ path: string; from: string; overwritten: boolean }> {
  const { sandbox } = shop;
  return sandbox.withEntry(source, LINK_ITSELF, (from) =>
    sandbox.withEntry(destination, LINK_ITSELF, async (to) => {
      await shop.ready(from.place.root);
      await shop.ready(to.place.root);
      const places = [from.place, to.place];
      return shop.withLock(places, options.signal, () =>
        moveLocked(shop, { from, to, source, destination }, options),
      );
    }),
  );
}

interface Move {
  from: FoundEntry;
  to: FoundEntry;
  source: string;
  destination: string;
}

async function moveLocked(
  shop: Workshop,
  { from, to, source, destination }: Move,
  { overwrite, signal }: MoveOptions,
) {
  const stats = await mustStand(from, source);
  const isDirectory = stats.isDirectory();
  const { sandbox } = shop;
  const roots = await sandbox.listRoots();
  refuseRoots(roots, from.place, source);
  refuseRoots(roots, to.place, destination);
  if (isDirectory) {
    refuseInside(from.place, to.place, destination);
    // what is denied under either name: a folder is not moved to where its files would be denied
    const deny = sandbox.denyIn(from.place).with(sandbox.denyIn(to.place));
    await checkFolder(from, { path: source, signal, deny });
  } else refuseFolderPath(destination);
  const there = await to.folder.lookAt(to.name);
  if (there && (!overwrite || there.isDirectory() || isDirectory || there.ino === stats.ino))
    throw refuse("exists", { path: destination });
  const record = { operation: "move" as const, from: stored(from.place), isNew: !there };
  const after = objectId(stats);
  return shop.change(to.place, record, async ({ node }) => {
    if (there) {
      await linkFile(to, { folder: node, name: BACKUP });
      await replaceBy(from, to);
    } else await moveTo(from, to, isDirectory);
    const [path, old] = [shownPath(to.place), shownPath(from.place)];
    return { after, result: { path, from: old, overwritten: there !== undefined } };
  });
}
