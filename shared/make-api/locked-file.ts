import { mkdir, open, readFile, rename, stat, unlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** A lock that is older was left by a process that died, milliseconds; work under it takes some of one. */
export const STALE_LOCK_MS = 10_000;
/** Longest wait for the lock, milliseconds. */
export const LOCK_TIMEOUT_MS = 20_000;
const FIRST_POLL_MS = 1;
const LAST_POLL_MS = 25;

/**
 * Reads a small file, gives it to `step`, and writes what it returns, while no other process does the
 * same: one step for all processes of this machine. A file that is missing or broken is read as
 * undefined. The lock is a file beside it, made with O_EXCL; the write is a rename.
 */
export async function updateFile<T>(
  file: string,
  step: (text: string | undefined) => { text: string; result: T },
): Promise<T> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const lock = `${file}.lock`;
  await acquire(lock);
  try {
    const { text, result } = step(await readIfThere(file));
    const scratch = `${file}.${process.pid}.new`;
    await writeFile(scratch, text, { mode: 0o600 });
    await rename(scratch, file);
    return result;
  } finally {
    await unlink(lock).catch(() => {});
  }
}

/** The text of a file, or undefined when there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

async function acquire(lock: string): Promise<void> {
  const end = Date.now() + LOCK_TIMEOUT_MS;
  for (let poll = FIRST_POLL_MS; ; poll = Math.min(poll * 2, LAST_POLL_MS)) {
    try {
      const handle = await open(lock, "wx", 0o600);
      await handle.close();
      return;
    } catch (error) {
      if (!isCode(error, "EEXIST")) throw error;
    }
    if (Date.now() > end) throw new Error(`${lock} was held for ${LOCK_TIMEOUT_MS} ms`);
    await breakStale(lock);
    await delay(poll * (0.5 + Math.random()));
  }
}

/** Renamed before it is removed: of two processes that find it stale, one gets it, and nobody's new lock goes. */
async function breakStale(lock: string): Promise<void> {
  try {
    const { mtimeMs, ino } = await stat(lock);
    if (Date.now() - mtimeMs < STALE_LOCK_MS) return;
    const grave = `${lock}.${process.pid}.stale`;
    await rename(lock, grave);
    const taken = await stat(grave);
    // another process broke it and made its own in between: give that back
    if (taken.ino !== ino) await rename(grave, lock);
    else await unlink(grave);
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw error;
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;
