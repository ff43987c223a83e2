/** Sizes are rounded up to this, so that the same file, grown a little, fits again. */
export const ROUND_BYTES = 2 ** 20;

let last: WeakRef<ArrayBufferLike> | undefined;

/**
 * Runs `work` with a way to get memory for one large file. It is what `work` before had, unless that is
 * in use or collected: it lies outside the heap, so the collector comes late for it, and large files
 * one after another would be held beside each other. What is in it at first is never to be given out.
 */
export async function withLargeBuffer<T>(
  work: (allocate: (bytes: number) => Buffer) => Promise<T>,
): Promise<T> {
  let memory: ArrayBufferLike | undefined;
  const allocate = (bytes: number) => {
    const known = last?.deref();
    last = undefined;
    memory = known && known.byteLength >= bytes ? known : newMemory(bytes);
    return Buffer.from(memory, 0, bytes);
  };
  try {
    return await work(allocate);
  } finally {
    if (memory) last = new WeakRef(memory);
  }
}

const newMemory = (bytes: number) =>
  Buffer.allocUnsafeSlow(Math.ceil(bytes / ROUND_BYTES) * ROUND_BYTES).buffer;
