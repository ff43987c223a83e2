import { constants, type Stats } from "node:fs";
import { type DiskCalls, type ReadHandle, waitingCalls } from "./disk-calls.ts";
import type { Node, RawEntry, Strategy } from "./node.ts";
import { errnoOf, refuse } from "./refuse.ts";

/**
 * Linux, from include/uapi/asm-generic/fcntl.h, which every architecture that Node runs on uses;
 * `node:fs` has no name for it. Such a handle points at an object without opening it: a pipe does
 * not block, a device does not start, and a directory needs no right to be read.
 */
const O_PATH = 0o10000000;
const { O_NOFOLLOW, O_DIRECTORY, O_RDONLY, O_NONBLOCK, O_NOCTTY } = constants;

const descriptor = (handle: ReadHandle) => `/proc/self/fd/${handle.fd}`;

/**
 * An object held by a handle. Below it, names are looked up through `/proc/self/fd/<handle>/`, which
 * the kernel resolves to the object itself and not to a path: whoever renames directories or puts
 * links in their place meanwhile changes nothing about what is read.
 */
class HeldNode implements Node {
  readonly name: string;
  readonly stats: Stats;
  readonly #handle: ReadHandle;
  readonly #calls: DiskCalls;

  constructor(name: string, handle: ReadHandle, stats: Stats, calls: DiskCalls) {
    this.name = name;
    this.#handle = handle;
    this.stats = stats;
    this.#calls = calls;
  }

  async enter(name: string): Promise<HeldNode> {
    const handle = await this.#calls.open(this.#at(name), O_PATH | O_NOFOLLOW);
    try {
      return new HeldNode(name, handle, await handle.stat(), this.#calls);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  readLink(name: string): Promise<string> {
    return this.#calls.readlink(this.#at(name));
  }

  async lookAt(name: string): Promise<Stats | undefined> {
    const [found] = await this.lookAtAll([name]); // asked so, that nothing is there is no error
    return found;
  }

  lookAtAll(names: readonly string[]): Promise<(Stats | undefined)[]> {
    const folder = `${descriptor(this.#handle)}/`;
    return this.#calls.lstatAll(names.map((name) => folder + name));
  }

  entries(): AsyncIterable<RawEntry[]> {
    return this.#calls.opendir(descriptor(this.#handle));
  }

  /** The object was found to be a regular file, and the handle cannot have come to mean another. */
  openFile(): Promise<ReadHandle> {
    return this.#calls.open(descriptor(this.#handle), O_RDONLY | O_NONBLOCK);
  }

  /** Two calls of the system fewer than by entering it first: a search does this for every file. */
  async openListed(name: string): Promise<{ handle: ReadHandle; size: number } | undefined> {
    const flags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY;
    const handle = await this.#calls.open(this.#at(name), flags).catch(() => undefined);
    if (!handle) return undefined;
    const stats = await handle.stat();
    if (stats.isFile()) return { handle, size: stats.size };
    await handle.close();
    return undefined;
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

/** Linux with `/proc`: the object that was checked is the object that is used. */
export const heldStrategy = (calls: DiskCalls = waitingCalls): Strategy => ({
  name: "held",
  async openRoot(canonical) {
    const handle = await calls.open(canonical, O_PATH | O_NOFOLLOW | O_DIRECTORY);
    try {
      // a link may have come into the path since it was found real: the kernel says what was opened
      if ((await calls.readlink(descriptor(handle))) !== canonical) throw refuse("changed");
      return new HeldNode("", handle, await handle.stat(), calls);
    } catch (error) {
      await handle.close();
      throw error;
    }
  },
});

/** Whether this system has what the strategy rests on. */
export async function canHold(): Promise<boolean> {
  if (process.platform !== "linux") return false;
  try {
    const root = await heldStrategy().openRoot("/");
    await root.release();
    return true;
  } catch (error) {
    if (errnoOf(error) === "EMFILE" || errnoOf(error) === "ENFILE") throw error;
    return false;
  }
}
