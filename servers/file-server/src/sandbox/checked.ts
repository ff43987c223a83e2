import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, open, opendir, readlink, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type Node, type RawEntry, type Strategy, typeOf } from "./node.ts";
import { refuse } from "./refuse.ts";

/** Absent on Windows, where nothing blocks on opening and `lstat` sees every kind of link. */
const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;

const isSame = (a: Stats, b: Stats) => a.dev === b.dev && a.ino === b.ino;

/**
 * An object known by its real path, for systems without `/proc`. It is checked before and after it
 * is used; whoever swaps it and swaps it back between the two checks is not seen.
 */
class CheckedNode implements Node {
  readonly name: string;
  readonly stats: Stats;
  readonly #path: string;

  constructor(name: string, path: string, stats: Stats) {
    this.name = name;
    this.#path = path;
    this.stats = stats;
  }

  async enter(name: string): Promise<CheckedNode> {
    const path = join(this.#path, name);
    const stats = await lstat(path);
    if (stats.isSymbolicLink()) return new CheckedNode(name, path, stats);
    const real = await realpath(path);
    // the real name differs in case, or from a short name of Windows; the folder must not
    if (dirname(real) !== this.#path) throw refuse("changed");
    return new CheckedNode(basename(real), real, stats);
  }

  readLink(name: string): Promise<string> {
    return readlink(join(this.#path, name));
  }

  async lookAt(name: string): Promise<Stats | undefined> {
    try {
      const stats = await lstat(join(this.#path, name));
      await this.#verify();
      return stats;
    } catch {
      return undefined;
    }
  }

  async *entries(): AsyncGenerator<RawEntry> {
    const entries: RawEntry[] = [];
    for await (const entry of await opendir(this.#path)) {
      entries.push({ name: entry.name, type: typeOf(entry) });
      if (entries.length % ENTRIES_A_CHECK > 0) continue;
      await this.#verify();
      yield* entries.splice(0);
    }
    await this.#verify();
    yield* entries;
  }

  async openFile(): Promise<FileHandle> {
    const handle = await open(this.#path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    try {
      if (!isSame(await handle.stat(), this.stats)) throw refuse("changed");
      await this.#verify();
      return handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async reach(name: string): Promise<string> {
    await this.#verify();
    return join(this.#path, name);
  }

  async release(): Promise<void> {}

  /** That the path still is the real path of the same object. */
  async #verify(): Promise<void> {
    const real = await realpath(this.#path);
    if (real !== this.#path || !isSame(await lstat(real), this.stats)) throw refuse("changed");
  }
}

/** Entries that are shown after one check: nothing is shown before it. */
const ENTRIES_A_CHECK = 1_000;

/** Any system: checked, used, and checked again. */
export const checkedStrategy: Strategy = {
  name: "checked",
  async openRoot(canonical) {
    const stats = await lstat(canonical);
    if (!stats.isDirectory() || (await realpath(canonical)) !== canonical) throw refuse("changed");
    return new CheckedNode("", canonical, stats);
  },
};
