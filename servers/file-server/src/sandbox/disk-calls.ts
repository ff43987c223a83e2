import {
  type BigIntStats,
  closeSync,
  type Dirent,
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
  readlink(path: string): Promise<string>;
  realpath(path: string): Promise<string>;
  /** Entries of a directory, many at a time. */
  opendir(path: string): AsyncIterable<Dirent[]>;
}

/** Entries that are read, and given out, in one go. */
const BATCH_ENTRIES = 500;
const BATCH = { bufferSize: BATCH_ENTRIES };

/** For the thread that must not wait: Node's pool of four threads waits for it. */
export const waitingCalls: DiskCalls = {
  open,
  lstat: (path) => lstat(path),
  readlink: (path) => readlink(path),
  realpath: (path) => realpath(path),
  async *opendir(path) {
    let batch: Dirent[] = [];
    for await (const entry of await opendir(path, BATCH)) {
      batch.push(entry);
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
  readlink: async (path) => readlinkSync(path),
  realpath: async (path) => realpathSync.native(path),
  async *opendir(path) {
    const directory = opendirSync(path, BATCH);
    try {
      let batch: Dirent[] = [];
      for (let entry = directory.readSync(); entry; entry = directory.readSync()) {
        batch.push(entry);
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
