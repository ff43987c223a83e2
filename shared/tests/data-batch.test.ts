import { describe, expect, test } from "vitest";
import { ToolError } from "#shared/core/errors.ts";
import {
  batch,
  DEFAULT_CONCURRENCY,
  MAX_BATCH_ITEMS,
  MAX_CONCURRENCY,
} from "#shared/data/batch.ts";

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Works for `turns` ticks and remembers how many did so at once. */
function counter() {
  const seen = { now: 0, most: 0, started: 0 };
  async function work(turns: number): Promise<number> {
    seen.started += 1;
    seen.now += 1;
    seen.most = Math.max(seen.most, seen.now);
    for (let turn = 0; turn < turns; turn += 1) await tick();
    seen.now -= 1;
    return turns;
  }
  return { seen, work };
}

describe("a batch", () => {
  test("gives results in the order of the items, whichever is done first", async () => {
    const { work } = counter();
    const results = await batch([5, 1, 3], work);
    expect(results).toEqual([5, 1, 3].map((value, index) => ({ index, ok: true, value })));
  });

  test("of nothing is nothing", async () => {
    expect(await batch([], () => 1)).toEqual([]);
  });

  test.each([
    [undefined, DEFAULT_CONCURRENCY],
    [1, 1],
    [3, 3],
    [MAX_CONCURRENCY, MAX_CONCURRENCY],
  ])("with concurrency %s works on %i at a time", async (concurrency, most) => {
    const { seen, work } = counter();
    await batch(Array(MAX_CONCURRENCY + 10).fill(2), work, { concurrency });
    expect(seen.most).toBe(most);
  });

  test.each([0, -1, 1.5, Number.NaN, MAX_CONCURRENCY + 1])(
    "refuses concurrency %s",
    async (concurrency) => {
      await expect(batch([1], () => 1, { concurrency })).rejects.toMatchObject({
        code: "VALIDATION_ERROR",
      });
    },
  );

  test("takes the most items and not one more", async () => {
    expect(await batch(Array(MAX_BATCH_ITEMS).fill(0), () => 1)).toHaveLength(MAX_BATCH_ITEMS);
    const { seen, work } = counter();
    await expect(batch(Array(MAX_BATCH_ITEMS + 1).fill(0), work)).rejects.toMatchObject({
      code: "VALIDATION_ERROR",
    });
    expect(seen.started).toBe(0);
  });

  test("goes on past an item that fails, and shows only what a caller may see", async () => {
    const results = await batch(["tool", "other", "thrown", "fine"], (item) => {
      if (item === "tool")
        throw new ToolError("NOT_FOUND", "No such thing.", { details: { id: 1 } });
      if (item === "other") return Promise.reject(new Error("/secret/path"));
      if (item === "thrown") throw "text";
      return item;
    });
    expect(results.map((result) => (result.ok ? result.value : result.error.code))).toEqual([
      "NOT_FOUND",
      "UNKNOWN",
      "UNKNOWN",
      "fine",
    ]);
    expect(results[0]).toEqual({
      index: 0,
      ok: false,
      error: { code: "NOT_FOUND", message: "No such thing.", details: { id: 1 } },
    });
    expect(JSON.stringify(results)).not.toContain("secret");
  });

  test("starts nothing after an abort and keeps what was done", async () => {
    const controller = new AbortController();
    const { seen, work } = counter();
    const results = await batch(
      [1, 1, 1, 1, 1],
      async (turns, index) => {
        await work(turns);
        if (index === 1) controller.abort();
        return index;
      },
      { concurrency: 2, signal: controller.signal },
    );
    const codes = results.map((result) => (result.ok ? result.value : result.error.code));
    expect(seen.started).toBeLessThan(5);
    expect(codes.slice(0, 2)).toEqual([0, 1]);
    expect(codes.slice(seen.started)).toEqual(Array(5 - seen.started).fill("CANCELLED"));
  });

  test("aborted before it starts does nothing, also after a timeout", async () => {
    const { seen, work } = counter();
    const reason = new DOMException("late", "TimeoutError");
    const results = await batch([1, 2], work, { signal: AbortSignal.abort(reason) });
    expect(results.map((result) => result.ok || result.error.code)).toEqual([
      "CANCELLED",
      "CANCELLED",
    ]);
    expect(seen.started).toBe(0);
  });

  test("reports progress once an item, failed ones too, and survives a report that throws", async () => {
    const reports: string[] = [];
    const results = await batch(
      [1, 2, 3],
      (item) => {
        if (item === 2) throw new Error("no");
        return item;
      },
      {
        concurrency: 1,
        onProgress(done, total) {
          reports.push(`${done}/${total}`);
          throw new Error("no one listens");
        },
      },
    );
    expect(reports).toEqual(["1/3", "2/3", "3/3"]);
    expect(results.map((result) => result.ok)).toEqual([true, false, true]);
  });
});
