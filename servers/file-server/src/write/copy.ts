import { shownPath } from "../sandbox/place.ts";
import { refuse } from "../sandbox/refuse.ts";
import type { OpenDirectory } from "../sandbox/sandbox.ts";
import type { FoundEntry } from "../sandbox/walk-entry.ts";
import { blocksOf } from "./blocks.ts";
import { CopyTree } from "./copy-tree.ts";
import { replaceFile } from "./replace-file.ts";
import { refuseInside } from "./scan-tree.ts";
import { makeWholeFolder } from "./whole-folder.ts";
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
  const { size } = node.stats;
  const { copyBytes } = shop.options;
  if (size > copyBytes)
    throw refuse("too_large", {
      path,
      because: `Files over ${copyBytes} bytes are not copied`,
      details: { size, limit: copyBytes },
    });
  const handle = await node.openFile();
  try {
    const plan = {
      chunks: blocksOf(handle, size),
      mode: node.stats.mode & 0o777,
      result: undefined,
    };
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

async function fillFolder(
  shop: Workshop,
  from: OpenDirectory,
  to: FoundEntry,
  { signal, onProgress }: CopyOptions,
): Promise<Copied> {
  const { copyBytes } = shop.options;
  const copy = new CopyTree({ path: from.path, signal, entries: 0 }, { copyBytes, onProgress });
  // what is denied under either name: else a folder named .git would get its config by a copy
  const deny = from.deny.with(shop.sandbox.denyIn(to.place));
  await makeWholeFolder(shop, to, "copy", (node) => copy.run(from.node, node, deny));
  const { files, skipped } = copy;
  const paths = { path: shownPath(to.place), from: from.path };
  return { ...paths, files, skipped, overwritten: false };
}
