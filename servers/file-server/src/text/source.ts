import type { ReadHandle } from "../sandbox/disk-calls.ts";

/** Bytes that are read at once while a file is looked through. */
export const BLOCK_BYTES = 262_144;

/** Bytes of the beginning that are kept. */
const KEPT_BYTES = 8_192;

/** A file as bytes at offsets, with the size it had when it was opened. */
export class Source {
  readonly size: number;
  readonly #handle: ReadHandle;
  readonly #signal: AbortSignal;
  /** What was read from the beginning: the sample that tells the encoding is often all of the file. */
  #beginning: Buffer | undefined;

  constructor(handle: ReadHandle, size: number, signal: AbortSignal) {
    this.#handle = handle;
    this.size = size;
    this.#signal = signal;
  }

  /** The bytes from `offset` on: `length` of them, fewer only at the end of the file. */
  async read(
    offset: number,
    length: number,
    allocate: (bytes: number) => Buffer = Buffer.allocUnsafeSlow,
  ): Promise<Buffer> {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    const known = this.#beginning?.subarray(offset, offset + wanted);
    if (known?.length === wanted) return known;
    const buffer = allocate(wanted); // what is not filled is not given out
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
    const bytes = buffer.subarray(0, filled);
    if (offset === 0 && filled <= KEPT_BYTES) this.#beginning = bytes;
    return bytes;
  }
}
