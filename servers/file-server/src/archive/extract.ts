import type { Node } from "../sandbox/node.ts";
import { shownPath } from "../sandbox/place.ts";
import { errnoOf, refuse } from "../sandbox/refuse.ts";
import type { OpenFile } from "../sandbox/sandbox.ts";
import { createFile, exists, writeAll } from "../write/disk.ts";
import { makeWholeFolder } from "../write/whole-folder.ts";
import type { Workshop } from "../write/workshop.ts";
import { HeldFolders } from "./held-folders.ts";
import { type ArchiveEntry, badArchive, zipEntries } from "./zip-reading.ts";

export interface ExtractOptions {
  signal: AbortSignal;
  onProgress(entries: number): void;
}

export interface Extracted {
  path: string;
  files: number;
  bytes: number;
  /** Denied names. */
  skipped: number;
}

/** Unpacks a zip into a new folder, which appears when it is whole. */
export function extractArchive(
  shop: Workshop,
  archive: string,
  destination: string,
  options: ExtractOptions,
): Promise<Extracted> {
  const { sandbox } = shop;
  return sandbox.withFile(archive, (file) =>
    sandbox.withEntry(destination, { followLast: false }, async (to) => {
      await shop.ready(to.place.root);
      return shop.withLock([to.place], options.signal, async () => {
        if (await exists(to)) throw refuse("exists", { path: destination });
        const deny = sandbox.denyIn(to.place);
        const unpacking = { file, archive, deny, options };
        const counts = await makeWholeFolder(shop, to, "extract", (folder) =>
          unpack(folder, unpacking).catch((error: unknown) => {
            if (errnoOf(error) !== "ENAMETOOLONG") throw error;
            throw badArchive(archive, error, "The archive holds a name that is too long here");
          }),
        );
        return { path: shownPath(to.place), ...counts };
      });
    }),
  );
}

interface Unpacking {
  file: OpenFile;
  archive: string;
  deny: Parameters<typeof zipEntries>[2];
  options: ExtractOptions;
}

async function unpack(folder: Node, { file, archive, deny, options }: Unpacking) {
  const { signal, onProgress } = options;
  // all of it is checked before the first byte is written
  for await (const _ of zipEntries(file, archive, deny)) signal.throwIfAborted();
  const counts = { files: 0, bytes: 0, skipped: 0 };
  const folders = new HeldFolders(folder, archive);
  try {
    for await (const entry of zipEntries(file, archive, deny)) {
      signal.throwIfAborted();
      if (entry.isDenied) {
        counts.skipped += 1;
        continue;
      }
      const parent = await folders.at(entry.isFolder ? entry.names : entry.names.slice(0, -1));
      if (entry.isFolder) continue;
      await writeEntry(parent, entry, archive, signal);
      counts.files += 1;
      counts.bytes += entry.size;
      onProgress(counts.files);
    }
  } finally {
    await folders.release();
  }
  return counts;
}

async function writeEntry(
  folder: Node,
  entry: ArchiveEntry,
  archive: string,
  signal: AbortSignal,
): Promise<void> {
  const name = entry.names.at(-1) ?? "";
  const isProgram = (entry.mode & 0o111) !== 0;
  const handle = await createFile({ folder, name }, isProgram ? 0o777 : 0o666).catch(
    (error: unknown) => {
      if (errnoOf(error) !== "EEXIST" && errnoOf(error) !== "EISDIR") throw error;
      throw badArchive(archive, error, "The archive holds the same name twice");
    },
  );
  try {
    const stream = await entry.open();
    await writeAll(handle, stream, signal).catch((error: unknown) => {
      throw errnoOf(error) === undefined || errnoOf(error)?.startsWith("Z_")
        ? badArchive(archive, error)
        : error;
    });
  } finally {
    await handle.close();
  }
}
