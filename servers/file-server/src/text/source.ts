import type { FileHandle } from "node:fs/promises";

/** Bytes that are read at once while a file is looked through. */
export const BLOCK_BYTES = 262_144;

/** A file as bytes at offsets, with the size it had when it was opened. */
export class Source {
  readonly size: number;
  readonly #handle: FileHandle;
  readonly #signal: AbortSignal;

  constructor(handle: FileHandle, size: number, signal: AbortSignal) {
    this.#handle = handle;
    this.size = size;
    this.#signal = signal;
  }

  /** The bytes from `offset` on: `length` of them, fewer only at the end of the file. */
  async read(offset: number, length: number): Promise<Buffer> {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    const buffer = Buffer.alloc(wanted);
    let filled = 0;
    while (filled < wanted) {
      this.#signal.throwIfAborted();
      const { bytesRead } = await this.#handle.read(
        buffer,
        filled,
        wanted - filled,
        offset + filled,
      );
      if (bytesRead === 0) break; // cut short by another process meanwhile
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  }
}
