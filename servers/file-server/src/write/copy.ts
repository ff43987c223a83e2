import { randomBytes } from "node:crypto";
import { type Place, shownPath } from "../sandbox/place.ts";
import { refuse } from "../sandbox/refuse.ts";
import { TEMP_PREFIX } from "../sandbox/reserved.ts";
import type { OpenDirectory } from "../sandbox/sandbox.ts";
import type { FoundEntry } from "../sandbox/walk-entry.ts";
import { CopyTree } from "./copy-tree.ts";
import { makeFolder, moveTo, removeTree } from "./disk.ts";
import { EVERYTHING } from "./everything.ts";
import { blocksOf, replaceFile } from "./replace-file.ts";
import type { Workshop } from "./workshop.ts";

export interface CopyOptions {
  overwrite: boolean;
  signal: AbortSignal;
  onProgress(entries: number): void;
}

export interface Copied {
  path: string;
  from: string;
  files: number;
  skipped: number;
  overwritten: boolean;
}

/** Copies a file, or a folder with all that is in it but links and what is denied. */
export function copyPath(
  shop: Workshop,
  source: string,
  destination: string,
  options: CopyOptions,
): Promise<Copied> {
  return shop.sandbox.withAny(source, (from) => {
    if (from.node.stats.isDirectory()) return copyFolder(shop, from, destination, options);
    if (!from.node.stats.isFile()) throw refuse("special_file", { path: source });
    return copyFile(shop, from, destination, options);
  });
}

async function copyFile(
  shop: Workshop,
  { node, path }: OpenDirectory,
  destination: string,
  { overwrite, signal }: CopyOptions,
): Promise<Copied> {
  const handle = await node.openFile();
  try {
    const plan = { chunks: blocksOf(handle), mode: node.stats.mode & 0o777, result: undefined };
    const { place, isNew } = await replaceFile(
      shop,
      destination,
      async (current) => {
        if (current && (!overwrite || current.stats.ino === BigInt(node.stats.ino)))
          throw refuse("exists", { path: destination });
        return plan;
      },
      { operation: "copy", signal },
    );
    return { path: shownPath(place), from: path, files: 1, skipped: 0, overwritten: !isNew };
  } finally {
    await handle.close();
  }
}

function copyFolder(
  shop: Workshop,
  from: OpenDirectory,
  destination: string,
  options: CopyOptions,
): Promise<Copied> {
  return shop.sandbox.withEntry(destination, { followLast: false }, async (to) => {
    refuseInside(from.place, to.place, destination);
    await shop.ready(to.place.root);
    return shop.withLock([to.place], options.signal, async () => {
      if (await to.folder.lookAt(to.name)) throw refuse("exists", { path: destination });
      return fillFolder(shop, from, to, options);
    });
  });
}

/** A folder copied into itself would not end. */
function refuseInside(from: Place, to: Place, path: string): void {
  const isInside =
    from.root.canonical === to.root.canonical &&
    from.parts.every((part, i) => part === to.parts[i]);
  if (isInside)
    throw refuse("invalid_path", { path, because: "A folder cannot be copied into itself" });
}

/** Made under a name of its own first: a copy that was stopped is never taken for a whole one. */
function fillFolder(
  shop: Workshop,
  from: OpenDirectory,
  to: FoundEntry,
  { signal, onProgress }: CopyOptions,
): Promise<Copied> {
  const temp = { folder: to.folder, name: TEMP_PREFIX + randomBytes(8).toString("hex") };
  const record = { operation: "copy" as const, temp: temp.name, isNew: true };
  return shop.change(to.place, record, async () => {
    await makeFolder(temp);
    try {
      const node = await temp.folder.enter(temp.name);
      const copy = new CopyTree({ path: from.path, signal, entries: 0 }, onProgress);
      try {
        await copy.run(from.node, node, from.deny);
      } finally {
        await node.release();
      }
      await moveTo(temp, to, true);
      const { files, skipped } = copy;
      const paths = { path: shownPath(to.place), from: from.path };
      return { result: { ...paths, files, skipped, overwritten: false } };
    } catch (error) {
      await removeTree(temp, EVERYTHING).catch(() => {});
      throw error;
    }
  });
}
