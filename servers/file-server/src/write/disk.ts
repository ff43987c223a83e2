import { type BigIntStats, constants } from "node:fs";
import { type FileHandle, link, mkdir, open, rename, rmdir, unlink } from "node:fs/promises";
import { readEntries } from "../sandbox/entries.ts";
import type { Node } from "../sandbox/node.ts";
import { errnoOf, refuse } from "../sandbox/refuse.ts";
import { blocksOf } from "./blocks.ts";
import { newTempName } from "./temp-name.ts";

const { O_CREAT, O_EXCL, O_RDWR, O_NOFOLLOW = 0 } = constants;

/** A name in a folder that is held. */
export interface Spot {
  folder: Node;
  name: string;
}

const reach = ({ folder, name }: Spot) => folder.reach(name);

/** A new file; rejects with EEXIST when something, even a link to nowhere, has the name. */
export async function createFile(spot: Spot, mode: number): Promise<FileHandle> {
  return open(await reach(spot), O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW, mode);
}

export async function makeFolder(spot: Spot, mode = 0o777): Promise<void> {
  await mkdir(await reach(spot), { mode });
}

export const removeFile = async (spot: Spot): Promise<void> => unlink(await reach(spot));
export const removeFolder = async (spot: Spot): Promise<void> => rmdir(await reach(spot));

/** Puts what stands at `from` in the place of what stands at `to`. */
export async function replaceBy(from: Spot, to: Spot): Promise<void> {
  await rename(await reach(from), await reach(to));
}

/** A second name for a file, or for a link itself; never in place of something. */
export async function linkFile(from: Spot, to: Spot): Promise<void> {
  await link(await reach(from), await reach(to));
}

/** As `replaceBy`; a file also from one disk to another, where the new name still comes in one step. */
export async function relocateFile(from: Spot, to: Spot): Promise<void> {
  try {
    await replaceBy(from, to);
  } catch (error) {
    if (errnoOf(error) !== "EXDEV") throw error;
    await copyFile(from, to);
    await removeFile(from);
  }
}

/** A copy, under a name of its own until it is whole; in place of what stands there. */
export async function copyFile(from: Spot, to: Spot): Promise<void> {
  const temp = { folder: to.folder, name: newTempName() };
  const node = await from.folder.enter(from.name);
  try {
    if (!node.stats.isFile()) throw refuse("other_disk");
    const source = await node.openFile();
    try {
      const target = await createFile(temp, 0o600);
      try {
        await writeAll(target, blocksOf(source), new AbortController().signal);
        await target.chmod(node.stats.mode & 0o7777);
      } finally {
        await target.close();
      }
      await replaceBy(temp, to);
    } catch (error) {
      await removeFile(temp).catch(() => {});
      throw error;
    } finally {
      await source.close();
    }
  } finally {
    await node.release();
  }
}

/** Systems and disks that have no second names, or keep users from giving one to files of others. */
const NO_LINK = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"];
export const cannotLink = (error: unknown) => NO_LINK.includes(errnoOf(error) ?? "");

/**
 * Moves without ever replacing anything: rejects with EEXIST. `rename` has no such form in Node, so
 * the new name is taken first, by a step that fails when it is there: a second name for a file, an
 * empty folder for a folder, which renaming may replace only while it is empty.
 */
export async function moveTo(from: Spot, to: Spot, isDirectory: boolean): Promise<void> {
  if (isDirectory) {
    await makeFolder(to, 0o700);
    return orElse(
      () => replaceBy(from, to),
      () => removeFolder(to),
    );
  }
  try {
    await linkFile(from, to);
  } catch (error) {
    if (!cannotLink(error)) throw error;
    await (await createFile(to, 0o600)).close();
    return orElse(
      () => replaceBy(from, to),
      () => removeFile(to),
    );
  }
  await orElse(
    () => removeFile(from),
    () => removeFile(to),
  );
}

/** Does it, or takes back what was made for it. */
async function orElse(work: () => Promise<void>, takeBack: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    await takeBack().catch(() => {});
    throw error;
  }
}

/** Whether something has the name; a link counts by itself. */
export async function exists({ folder, name }: Spot): Promise<boolean> {
  return (await folder.lookAt(name)) !== undefined;
}

/** Writes all of it and waits for the disk. */
export async function writeAll(
  handle: FileHandle,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<BigIntStats> {
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    let done = 0;
    while (done < chunk.length)
      done += (await handle.write(chunk, done, chunk.length - done)).bytesWritten;
  }
  await handle.sync();
  return handle.stat({ bigint: true });
}

/** Removes a file, a link or a whole folder, for good. */
export async function removeTree(spot: Spot, everything: ReadRules): Promise<void> {
  const stats = await spot.folder.lookAt(spot.name);
  if (!stats) return;
  if (!stats.isDirectory()) return removeFile(spot);
  const folder = await spot.folder.enter(spot.name);
  try {
    if (folder.stats.isDirectory()) {
      const { shown } = await readEntries(folder, everything);
      for (const { name } of shown) await removeTree({ folder, name }, everything);
    }
  } finally {
    await folder.release();
  }
  await removeFolder(spot);
}

type ReadRules = Parameters<typeof readEntries>[1];
