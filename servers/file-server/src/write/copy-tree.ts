import type { DenyState } from "../sandbox/deny.ts";
import { readEntries } from "../sandbox/entries.ts";
import type { Node } from "../sandbox/node.ts";
import { blocksOf } from "./blocks.ts";
import { createFile, makeFolder, writeAll } from "./disk.ts";
import { countEntries, enterListed, MAX_TREE_DEPTH, type TreeScan, tooLarge } from "./scan-tree.ts";

interface CopyTreeOptions {
  /** Bytes of all files together. */
  copyBytes: number;
  onProgress(entries: number): void;
}

/** Entries between two reports of progress. */
const ENTRIES_A_REPORT = 100;

/**
 * Copies the files and folders of one folder into another. Links are left out, because from another
 * place they would lead elsewhere; so is what is denied, and what is no file.
 */
export class CopyTree {
  files = 0;
  skipped = 0;
  #bytes = 0;
  readonly #scan: TreeScan;
  readonly #options: CopyTreeOptions;

  constructor(scan: TreeScan, options: CopyTreeOptions) {
    this.#scan = scan;
    this.#options = options;
  }

  async run(from: Node, to: Node, deny: DenyState, depth = 0): Promise<void> {
    const scan = this.#scan;
    if (depth > MAX_TREE_DEPTH) throw tooLarge(scan, `lies deeper than ${MAX_TREE_DEPTH} folders`);
    const rules = { deny, includeHidden: true, signal: scan.signal };
    const { shown, denied } = await readEntries(from, rules);
    this.skipped += denied;
    for (const { name } of shown) {
      countEntries(scan, 1);
      if (scan.entries % ENTRIES_A_REPORT === 0) this.#options.onProgress(scan.entries);
      const node = await enterListed(from, name);
      if (!node) {
        this.skipped += 1;
        continue;
      }
      try {
        await this.#copy(node, { folder: to, name }, deny.step(name), depth);
      } finally {
        await node.release();
      }
    }
  }

  async #copy(
    node: Node,
    spot: { folder: Node; name: string },
    deny: DenyState,
    depth: number,
  ): Promise<void> {
    if (node.stats.isFile()) return this.#copyFile(node, spot);
    if (!node.stats.isDirectory()) {
      this.skipped += 1;
      return;
    }
    await makeFolder(spot, (node.stats.mode & 0o777) | 0o700);
    const made = await spot.folder.enter(spot.name);
    try {
      await this.run(node, made, deny, depth + 1);
    } finally {
      await made.release();
    }
  }

  async #copyFile(node: Node, spot: { folder: Node; name: string }): Promise<void> {
    this.#bytes += node.stats.size;
    const { copyBytes } = this.#options;
    if (this.#bytes > copyBytes) throw tooLarge(this.#scan, `has over ${copyBytes} bytes`);
    const source = await node.openFile();
    try {
      const target = await createFile(spot, node.stats.mode & 0o777);
      try {
        await writeAll(target, blocksOf(source, node.stats.size), this.#scan.signal);
      } finally {
        await target.close();
      }
      this.files += 1;
    } finally {
      await source.close();
    }
  }
}
