import type { ReadHandle } from "../sandbox/disk-calls.ts";

const BLOCK_BYTES = 262_144;

/** A file from its beginning, block by block. */
export async function* blocksOf(handle: ReadHandle): AsyncGenerator<Uint8Array> {
  for (let position = 0; ; ) {
    const block = Buffer.allocUnsafe(BLOCK_BYTES);
    const { bytesRead } = await handle.read(block, 0, BLOCK_BYTES, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield block.subarray(0, bytesRead);
  }
}
