import type { ReadHandle } from "../sandbox/disk-calls.ts";

const BLOCK_BYTES = 262_144;

/** A file from its beginning, block by block, up to `end`: one that grows meanwhile comes to an end. */
export async function* blocksOf(
  handle: ReadHandle,
  end = Number.POSITIVE_INFINITY,
): AsyncGenerator<Uint8Array> {
  for (let position = 0; position < end; ) {
    const wanted = Math.min(BLOCK_BYTES, end - position);
    const block = Buffer.allocUnsafe(wanted);
    const { bytesRead } = await handle.read(block, 0, wanted, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield block.subarray(0, bytesRead);
  }
}
