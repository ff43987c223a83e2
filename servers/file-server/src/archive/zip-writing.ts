import { PassThrough, Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { ZipFile } from "yazl";
import type { DenyState } from "../sandbox/deny.ts";
import { readEntries } from "../sandbox/entries.ts";
import type { Node } from "../sandbox/node.ts";
import { refuse } from "../sandbox/refuse.ts";
import { blocksOf } from "../write/blocks.ts";
import { enterListed } from "../write/scan-tree.ts";
import { MAX_ARCHIVE_DEPTH, MAX_ARCHIVE_ENTRIES, MAX_UNPACKED_BYTES } from "./zip-reading.ts";

/** A file or folder that goes into an archive under a name of its own. */
export interface Source {
  name: string;
  node: Node;
  deny: DenyState;
}

export interface Packed {
  files: number;
  skipped: number;
}

interface Packing extends Packed {
  zip: ZipFile;
  path: string;
  signal: AbortSignal;
  entries: number;
  bytes: number;
  onProgress(files: number): void;
}

/** Hands over one source after the other; each is done with when its promise resolves. */
export type Fill = (add: (source: Source) => Promise<void>) => Promise<void>;

/** A zip as it is made, with what it holds; one file after the other is open, and none is held whole. */
export class ZipWriting {
  readonly packed: Packed;
  readonly #packing: Packing;
  readonly #left = new AbortController();

  constructor({ signal, ...options }: Pick<Packing, "path" | "signal" | "onProgress">) {
    this.#packing = {
      ...options,
      signal: AbortSignal.any([signal, this.#left.signal]),
      zip: new ZipFile(),
      ...{ entries: 0, bytes: 0, files: 0, skipped: 0 },
    };
    this.packed = this.#packing;
  }

  async *chunks(fill: Fill): AsyncGenerator<Uint8Array> {
    const { zip } = this.#packing;
    const output = new PassThrough();
    zip.outputStream.pipe(output);
    zip.on("error", (error: Error) => output.destroy(error));
    const filled = fill(({ node, name, deny }) => pack(node, [name], deny, this.#packing));
    filled.then(
      () => zip.end(),
      (error: Error) => output.destroy(error),
    );
    try {
      yield* output;
    } finally {
      // whoever takes the chunks may have failed: then no file waits for its turn any more
      this.#left.abort();
      await filled.catch(() => {});
    }
  }
}

async function pack(
  node: Node,
  names: readonly string[],
  deny: DenyState,
  packing: Packing,
): Promise<void> {
  packing.signal.throwIfAborted();
  const { stats } = node;
  if (stats.isDirectory()) return packFolder(node, names, deny, packing);
  if (!stats.isFile()) {
    packing.skipped += 1;
    return;
  }
  count(packing, stats.size);
  const handle = await node.openFile();
  try {
    const stream = Readable.from(blocksOf(handle, stats.size));
    packing.zip.addReadStream(stream, names.join("/"), { mtime: stats.mtime, mode: stats.mode });
    packing.files += 1;
    // the next file is opened when this one is packed
    await finished(stream, { signal: packing.signal });
  } finally {
    await handle.close();
  }
  packing.onProgress(packing.files);
}

async function packFolder(
  node: Node,
  names: readonly string[],
  deny: DenyState,
  packing: Packing,
): Promise<void> {
  count(packing, 0);
  if (names.length >= MAX_ARCHIVE_DEPTH)
    throw tooLarge(packing, `lies deeper than ${MAX_ARCHIVE_DEPTH} folders`);
  const { stats } = node;
  packing.zip.addEmptyDirectory(names.join("/"), { mtime: stats.mtime, mode: stats.mode });
  const { shown, denied } = await readEntries(node, {
    deny,
    includeHidden: true,
    signal: packing.signal,
  });
  packing.skipped += denied;
  for (const { name } of shown) {
    const child = await enterListed(node, name);
    if (!child) {
      packing.skipped += 1;
      continue;
    }
    try {
      await pack(child, [...names, name], deny.step(name), packing);
    } finally {
      await child.release();
    }
  }
}

function count(packing: Packing, bytes: number): void {
  packing.entries += 1;
  packing.bytes += bytes;
  if (packing.entries > MAX_ARCHIVE_ENTRIES)
    throw tooLarge(packing, `has more than ${MAX_ARCHIVE_ENTRIES} entries`);
  if (packing.bytes > MAX_UNPACKED_BYTES)
    throw tooLarge(packing, `has more than ${MAX_UNPACKED_BYTES} bytes`);
}

const tooLarge = ({ path }: Packing, what: string) =>
  refuse("too_large", { path, because: `What is to be packed ${what}; make several archives` });
