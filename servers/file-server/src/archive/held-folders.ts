import type { Node } from "../sandbox/node.ts";
import { errnoOf } from "../sandbox/refuse.ts";
import { makeFolder } from "../write/disk.ts";
import { badArchive } from "./zip-reading.ts";

/**
 * The folders that lead to the last entry, each held: most entries lie beside the one before, and
 * one that lies fifty folders deep takes no fifty steps again.
 */
export class HeldFolders {
  readonly #top: Node;
  readonly #archive: string;
  readonly #held: { name: string; node: Node }[] = [];

  constructor(top: Node, archive: string) {
    this.#top = top;
    this.#archive = archive;
  }

  /** The folder at a path of names; those that are missing are made, each in the one before. */
  async at(names: readonly string[]): Promise<Node> {
    const common = this.#held.findIndex(({ name }, index) => name !== names[index]);
    await this.#releaseFrom(common === -1 ? this.#held.length : common);
    for (const name of names.slice(this.#held.length)) {
      const node = await this.#make(this.#last(), name);
      this.#held.push({ name, node });
    }
    return this.#last();
  }

  release(): Promise<void> {
    return this.#releaseFrom(0);
  }

  #last(): Node {
    return this.#held.at(-1)?.node ?? this.#top;
  }

  async #make(folder: Node, name: string): Promise<Node> {
    await makeFolder({ folder, name }).catch((error: unknown) => {
      if (errnoOf(error) !== "EEXIST") throw error;
    });
    const node = await folder.enter(name);
    if (node.stats.isDirectory()) return node;
    await node.release();
    throw badArchive(
      this.#archive,
      undefined,
      "The archive holds a name as a file and as a folder",
    );
  }

  async #releaseFrom(index: number): Promise<void> {
    for (const { node } of this.#held.splice(index).reverse()) await node.release();
  }
}
