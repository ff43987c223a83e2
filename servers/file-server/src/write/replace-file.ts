import type { BigIntStats, Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import type { ReadHandle } from "../sandbox/disk-calls.ts";
import { etagOf } from "../sandbox/etag.ts";
import { refuseFolderPath } from "../sandbox/path-rules.ts";
import { errnoOf, refuse } from "../sandbox/refuse.ts";
import type { FoundEntry } from "../sandbox/walk-entry.ts";
import { blocksOf } from "./blocks.ts";
import {
  cannotLink,
  createFile,
  linkFile,
  moveTo,
  removeFile,
  replaceBy,
  writeAll,
} from "./disk.ts";
import { BACKUP, type OpenChange } from "./journal.ts";
import { newTempName } from "./temp-name.ts";
import type { Workshop } from "./workshop.ts";

/** The file that is there, open for reading. */
export interface Current {
  handle: ReadHandle;
  stats: BigIntStats;
  etag: string;
}

export type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

export interface Plan<T> {
  /** The new content; absent: nothing is written. */
  chunks?: Chunks;
  /** Of a new file; one that is there keeps its own. */
  mode?: number;
  result: T;
}

export interface Replaced<T> {
  place: FoundEntry["place"];
  result: T;
  isNew: boolean;
  /** Absent when nothing was written. */
  written?: { etag: string; size: number };
}

export interface ReplaceOptions {
  operation: "write" | "copy" | "archive";
  signal: AbortSignal;
}

/**
 * Writes a file as a whole: `prepare` sees the one that is there, under a lock, and says what comes
 * instead. Whoever reads meanwhile, or looks after a crash, finds the old content or the new.
 */
export function replaceFile<T>(
  shop: Workshop,
  path: string,
  prepare: (current: Current | undefined) => Promise<Plan<T>>,
  options: ReplaceOptions,
): Promise<Replaced<T>> {
  return shop.sandbox.withEntry(path, { followLast: true }, async (entry) => {
    refuseFolderPath(path);
    await shop.ready(entry.place.root);
    return shop.withLock([entry.place], options.signal, async () => {
      const current = await openCurrent(entry, path, shop.options.hardLinks);
      try {
        const { chunks, mode, result } = await prepare(current);
        const done = { place: entry.place, result, isNew: current === undefined };
        if (chunks === undefined) return done;
        const written = await put(shop, entry, { current, chunks, mode }, options);
        return { ...done, written };
      } finally {
        await current?.handle.close();
      }
    });
  });
}

async function openCurrent(
  { folder, name }: FoundEntry,
  path: string,
  hardLinks: boolean,
): Promise<Current | undefined> {
  const node = await folder.enter(name).catch((error: unknown) => {
    if (errnoOf(error) !== "ENOENT") throw error;
  });
  if (!node) return undefined;
  try {
    checkReplaceable(node.stats, path, hardLinks);
    const handle = await node.openFile();
    const stats = await handle.stat({ bigint: true });
    return { handle, stats, etag: etagOf(stats) };
  } finally {
    await node.release();
  }
}

function checkReplaceable(stats: Stats, path: string, hardLinks: boolean): void {
  if (stats.isDirectory()) throw refuse("not_a_file", { path });
  if (stats.isSymbolicLink()) throw refuse("changed", { path });
  if (!stats.isFile()) throw refuse("special_file", { path });
  if (stats.nlink > 1 && !hardLinks) throw refuse("hard_link", { path });
}

type Content = { current: Current | undefined; chunks: Chunks; mode: number | undefined };

function put(
  shop: Workshop,
  entry: FoundEntry,
  content: Content,
  { operation, signal }: ReplaceOptions,
): Promise<{ etag: string; size: number }> {
  const temp = { folder: entry.folder, name: newTempName() };
  const { current } = content;
  const record = { operation, temp: temp.name, isNew: current === undefined };
  return shop.change(entry.place, record, async (change) => {
    try {
      const stats = await fillTemp(temp, content, signal);
      if (current) await keepOld(entry, current, change);
      if (current) await replaceBy(temp, entry);
      else await moveTo(temp, entry, false);
      const after = etagOf(stats);
      return { after, result: { etag: after, size: Number(stats.size) } };
    } catch (error) {
      await removeFile(temp).catch(() => {});
      throw error;
    }
  });
}

const PERMISSIONS = 0o7777;
/** Bits that run a program as somebody else: never for what a caller wrote, as the kernel has it for users. */
const RUN_AS = 0o6000;
/** What the umask of the process leaves of this. */
const NEW_MODE = 0o666;

async function fillTemp(
  temp: { folder: FoundEntry["folder"]; name: string },
  { current, chunks, mode = NEW_MODE }: Content,
  signal: AbortSignal,
): Promise<BigIntStats> {
  const handle = await createFile(temp, current ? 0o600 : mode & NEW_MODE);
  try {
    const stats = await writeAll(handle, chunks, signal);
    if (current) await keepOwner(handle, stats, current.stats);
    else if (mode !== NEW_MODE) await handle.chmod(mode);
    return stats;
  } finally {
    await handle.close();
  }
}

async function keepOwner(handle: FileHandle, made: BigIntStats, old: BigIntStats): Promise<void> {
  const isOwn = made.uid === old.uid && made.gid === old.gid;
  // an ordinary user cannot give a file away: then it is theirs, with the same mode
  if (!isOwn) await handle.chown(Number(old.uid), Number(old.gid)).catch(() => {});
  await handle.chmod(Number(old.mode) & PERMISSIONS & ~RUN_AS);
}

/** Gives the old content a second name in the trash, or copies it where that cannot be. */
async function keepOld(entry: FoundEntry, current: Current, { node }: OpenChange): Promise<void> {
  const now = await entry.folder.lookAt(entry.name);
  if (now === undefined || BigInt(now.ino) !== current.stats.ino) throw refuse("changed");
  const backup = { folder: node, name: BACKUP };
  try {
    await linkFile(entry, backup);
  } catch (error) {
    if (!cannotLink(error) && errnoOf(error) !== "EXDEV") throw error;
    const handle = await createFile(backup, Number(current.stats.mode) & 0o777);
    try {
      await writeAll(handle, blocksOf(current.handle), new AbortController().signal);
    } finally {
      await handle.close();
    }
  }
}
