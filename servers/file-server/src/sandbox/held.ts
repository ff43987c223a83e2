import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, open, opendir, readlink } from "node:fs/promises";
import { type Node, type RawEntry, type Strategy, typeOf } from "./node.ts";
import { errnoOf, refuse } from "./refuse.ts";

/**
 * Linux, from include/uapi/asm-generic/fcntl.h, which every architecture that Node runs on uses;
 * `node:fs` has no name for it. Such a handle points at an object without opening it: a pipe does
 * not block, a device does not start, and a directory needs no right to be read.
 */
const O_PATH = 0o10000000;
const { O_NOFOLLOW, O_DIRECTORY, O_RDONLY, O_NONBLOCK } = constants;

/** Entries that are read in one go. */
const BATCH = { bufferSize: 500 };

const descriptor = (handle: FileHandle) => `/proc/self/fd/${handle.fd}`;

/**
 * An object held by a handle. Below it, names are looked up through `/proc/self/fd/<handle>/`, which
 * the kernel resolves to the object itself and not to a path: whoever renames directories or puts
 * links in their place meanwhile changes nothing about what is read.
 */
class HeldNode implements Node {
  readonly name: string;
  readonly stats: Stats;
  readonly #handle: FileHandle;

  constructor(name: string, handle: FileHandle, stats: Stats) {
    this.name = name;
    this.#handle = handle;
    this.stats = stats;
  }

  enter(name: string): Promise<HeldNode> {
    return hold(name, this.#at(name), O_NOFOLLOW);
  }

  readLink(name: string): Promise<string> {
    return readlink(this.#at(name));
  }

  async lookAt(name: string): Promise<Stats | undefined> {
    try {
      return await lstat(this.#at(name));
    } catch {
      return undefined; // removed since it was listed, or with a name that is not text
    }
  }

  async *entries(): AsyncGenerator<RawEntry> {
    for await (const entry of await opendir(descriptor(this.#handle), BATCH))
      yield { name: entry.name, type: typeOf(entry) };
  }

  /** The object was found to be a regular file, and the handle cannot have come to mean another. */
  openFile(): Promise<FileHandle> {
    return open(descriptor(this.#handle), O_RDONLY | O_NONBLOCK);
  }

  async reach(name: string): Promise<string> {
    return this.#at(name);
  }

  release(): Promise<void> {
    return this.#handle.close();
  }

  #at(name: string): string {
    return `${descriptor(this.#handle)}/${name}`;
  }
}

async function hold(name: string, path: string, flags: number): Promise<HeldNode> {
  const handle = await open(path, O_PATH | flags);
  try {
    return new HeldNode(name, handle, await handle.stat());
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Linux with `/proc`: the object that was checked is the object that is used. */
export const heldStrategy: Strategy = {
  name: "held",
  async openRoot(canonical) {
    const handle = await open(canonical, O_PATH | O_NOFOLLOW | O_DIRECTORY);
    try {
      // a link may have come into the path since it was found real: the kernel says what was opened
      if ((await readlink(descriptor(handle))) !== canonical) throw refuse("changed");
      return new HeldNode("", handle, await handle.stat());
    } catch (error) {
      await handle.close();
      throw error;
    }
  },
};

/** Whether this system has what the strategy rests on. */
export async function canHold(): Promise<boolean> {
  if (process.platform !== "linux") return false;
  try {
    const root = await heldStrategy.openRoot("/");
    await root.release();
    return true;
  } catch (error) {
    if (errnoOf(error) === "EMFILE" || errnoOf(error) === "ENFILE") throw error;
    return false;
  }
}
