import { expect, test } from "vitest";
import { ROUND_BYTES, withLargeBuffer } from "../../src/text/large-buffer.ts";

const memoryFor = (bytes: number) => withLargeBuffer(async (allocate) => allocate(bytes));

test("what comes after takes the memory of what was before, as long as it fits", async () => {
  const first = await memoryFor(ROUND_BYTES - 1);
  expect(first).toHaveLength(ROUND_BYTES - 1);
  const grown = await memoryFor(ROUND_BYTES);
  expect(grown).toHaveLength(ROUND_BYTES);
  expect(grown.buffer).toBe(first.buffer);
  const larger = await memoryFor(ROUND_BYTES + 1);
  expect(larger).toHaveLength(ROUND_BYTES + 1);
  expect(larger.buffer).not.toBe(first.buffer);
  expect((await memoryFor(1)).buffer).toBe(larger.buffer);
});

test("two at once never have the same, also when one fails", async () => {
  const known = await memoryFor(1);
  await withLargeBuffer(async (allocate) => {
    const outer = allocate(1);
    expect(outer.buffer).toBe(known.buffer);
    const inner = await memoryFor(1);
    expect(inner.buffer).not.toBe(outer.buffer);
  });
  let failed: ArrayBufferLike | undefined;
  const failing = withLargeBuffer(async (allocate) => {
    failed = allocate(1).buffer;
    throw new Error("broke");
  });
  await expect(failing).rejects.toThrow("broke");
  expect((await memoryFor(1)).buffer).toBe(failed);
});

test("work that needs none leaves what there is", async () => {
  const known = await memoryFor(1);
  await withLargeBuffer(async () => {});
  expect((await memoryFor(1)).buffer).toBe(known.buffer);
});
