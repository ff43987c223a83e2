import {
  type BigIntStats,
  closeSync,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
} from "node:fs";
import { lstat, open, opendir, readlink, realpath } from "node:fs/promises";
import { type RawEntry, typeOf } from "./node.ts";

/** A file that is open for reading: what `FileHandle` has, as far as reading needs it. */
export interface ReadHandle {
  readonly fd: number;
  read(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesRead: number }>;
  stat(): Promise<Stats>;
  stat(options: { bigint: true }): Promise<BigIntStats>;
  close(): Promise<void>;
}

/** The calls of the system that reading is made of. None follows a link unless its caller says so. */
export interface DiskCalls {
  open(path: string, flags: number): Promise<ReadHandle>;
  lstat(path: string): Promise<Stats>;
  /** Of each path what stands there; undefined where nothing is, or where it cannot be told. */
  lstatAll(paths: readonly string[]): Promise<(Stats | undefined)[]>;
  readlink(path: string): Promise<string>;
  realpath(path: string): Promise<string>;
  /** Entries of a directory, many at a time. */
  opendir(path: string): AsyncIterable<RawEntry[]>;
}

/** Entries that are read, and given out, in one go. */
const BATCH_ENTRIES = 500;
const BATCH = { bufferSize: BATCH_ENTRIES };

/** Names that Node's pool is asked for at the same time. */
const LOOKS_AT_ONCE = 64;

/** For the thread that must not wait: Node's pool of four threads waits for it. */
export const waitingCalls: DiskCalls = {
  open,
  lstat: (path) => lstat(path),
  async lstatAll(paths) {
    const found: (Stats | undefined)[] = [];
    const look = (path: string) => lstat(path).catch(() => undefined);
    for (let at = 0; at < paths.length; at += LOOKS_AT_ONCE)
      found.push(...(await Promise.all(paths.slice(at, at + LOOKS_AT_ONCE).map(look))));
    return found;
  },
  readlink: (path) => readlink(path),
  realpath: (path) => realpath(path),
  async *opendir(path) {
    let batch: RawEntry[] = [];
    for await (const entry of await opendir(path, BATCH)) {
      batch.push({ name: entry.name, type: typeOf(entry) });
      if (batch.length < BATCH_ENTRIES) continue;
      yield batch;
      batch = [];
    }
    yield batch;
  },
};

/** For a thread that may wait: ten times as many calls in a second. The promises are there for the form. */
export const blockingCalls: DiskCalls = {
  open: async (path, flags) => new BlockingHandle(openSync(path, flags)),
  lstat: async (path) => lstatSync(path),
  lstatAll: async (paths) => paths.map(lookNow),
  readlink: async (path) => readlinkSync(path),
  realpath: async (path) => realpathSync.native(path),
  async *opendir(path) {
    const directory = opendirSync(path, BATCH);
    try {
      let batch: RawEntry[] = [];
      for (let entry = directory.readSync(); entry; entry = directory.readSync()) {
        batch.push({ name: entry.name, type: typeOf(entry) });
        if (batch.length < BATCH_ENTRIES) continue;
        yield batch;
        batch = [];
      }
      yield batch;
    } finally {
      directory.closeSync();
    }
  },
};

function lookNow(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

class BlockingHandle implements ReadHandle {
  readonly fd: number;

  constructor(fd: number) {
    this.fd = fd;
  }

  async read(buffer: Uint8Array, offset: number, length: number, position: number) {
    return { bytesRead: readSync(this.fd, buffer, offset, length, position) };
  }

  stat(): Promise<Stats>;
  stat(options: { bigint: true }): Promise<BigIntStats>;
  async stat(options?: { bigint: true }): Promise<Stats | BigIntStats> {
    return options ? fstatSync(this.fd, options) : fstatSync(this.fd);
  }

  async close(): Promise<void> {
    closeSync(this.fd);
  }
}
