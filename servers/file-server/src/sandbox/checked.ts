import { constants, type Stats } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type DiskCalls, type ReadHandle, waitingCalls } from "./disk-calls.ts";
import type { Node, RawEntry, Strategy } from "./node.ts";
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
  readonly #calls: DiskCalls;

  constructor(name: string, path: string, stats: Stats, calls: DiskCalls) {
    this.name = name;
    this.#path = path;
    this.stats = stats;
    this.#calls = calls;
  }

  async enter(name: string): Promise<CheckedNode> {
    const path = join(this.#path, name);
    const calls = this.#calls;
    const stats = await calls.lstat(path);
    if (stats.isSymbolicLink()) return new CheckedNode(name, path, stats, calls);
    const real = await calls.realpath(path);
    // the real name differs in case, or from a short name of Windows; the folder must not
    if (dirname(real) !== this.#path) throw refuse("changed");
    return new CheckedNode(basename(real), real, stats, calls);
  }

  readLink(name: string): Promise<string> {
    return this.#calls.readlink(join(this.#path, name));
  }

  async lookAt(name: string): Promise<Stats | undefined> {
    try {
      const stats = await this.#calls.lstat(join(this.#path, name));
      await this.#verify();
      return stats;
    } catch {
      return undefined;
    }
  }

  async lookAtAll(names: readonly string[]): Promise<(Stats | undefined)[]> {
    const found = await this.#calls.lstatAll(names.map((name) => join(this.#path, name)));
    // nothing is shown before a check
    await this.#verify();
    return found;
  }

  async *entries(): AsyncGenerator<RawEntry[]> {
    for await (const batch of this.#calls.opendir(this.#path)) {
      // nothing is shown before a check
      await this.#verify();
      yield batch;
    }
    await this.#verify();
  }

  async openFile(): Promise<ReadHandle> {
    const handle = await this.#calls.open(this.#path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    try {
      if (!isSame(await handle.stat(), this.stats)) throw refuse("changed");
      await this.#verify();
      return handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async openListed(name: string): Promise<{ handle: ReadHandle; size: number } | undefined> {
    const node = await this.enter(name).catch(() => undefined);
    if (!node?.stats.isFile()) return undefined;
    const handle = await node.openFile().catch(() => undefined);
    return handle && { handle, size: node.stats.size };
  }

  async reach(name: string): Promise<string> {
    await this.#verify();
    return join(this.#path, name);
  }

  async release(): Promise<void> {}

  /** That the path still is the real path of the same object. */
  async #verify(): Promise<void> {
    const real = await this.#calls.realpath(this.#path);
    if (real !== this.#path || !isSame(await this.#calls.lstat(real), this.stats))
      throw refuse("changed");
  }
}

/** Any system: checked, used, and checked again. */
export const checkedStrategy = (calls: DiskCalls = waitingCalls): Strategy => ({
  name: "checked",
  async openRoot(canonical) {
    const stats = await calls.lstat(canonical);
    const isReal = stats.isDirectory() && (await calls.realpath(canonical)) === canonical;
    if (!isReal) throw refuse("changed");
    return new CheckedNode("", canonical, stats, calls);
  },
});
