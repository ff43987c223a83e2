import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createLocks,
  type Locks,
  MAX_LOCK_KEYS,
  MAX_LOCK_TIMEOUT_MS,
  MAX_LOCK_WAITERS,
} from "#shared/data/locks.ts";

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Holds `keys` until `release` is called. */
async function hold(locks: Locks, keys: string | readonly string[]) {
  let release = (): void => {};
  let enter = (): void => {};
  const entered = new Promise<void>((resolve) => {
    enter = resolve;
  });
  const done = locks.withLock(keys, () => {
    enter();
    return new Promise<void>((resolve) => {
      release = resolve;
    });
  });
  await entered;
  return {
    release() {
      release();
      return done;
    },
  };
}

describe("a lock", () => {
  test("lets one in at a time, in the order of asking", async () => {
    const locks = createLocks();
    const order: number[] = [];
    let inside = 0;
    const call = (number: number) =>
      locks.withLock("a", async () => {
        inside += 1;
        expect(inside).toBe(1);
        for (let turn = 0; turn < 5 - number; turn += 1) await tick();
        order.push(number);
        inside -= 1;
      });
    await Promise.all([0, 1, 2, 3, 4].map(call));
    expect(order).toEqual([0, 1, 2, 3, 4]);
    expect(locks.size).toBe(0);
  });

  test("does not let a newcomer pass one who waited", async () => {
    const locks = createLocks();
    const order: string[] = [];
    const first = await hold(locks, "a");
    const waiting = locks.withLock("a", () => void order.push("waiting"));
    const released = first.release();
    const newcomer = locks.withLock("a", () => void order.push("newcomer"));
    await Promise.all([released, waiting, newcomer]);
    expect(order).toEqual(["waiting", "newcomer"]);
  });

  test("of one key does not hold up another", async () => {
    const locks = createLocks();
    const first = await hold(locks, "a");
    expect(await locks.withLock("b", () => 7)).toBe(7);
    await first.release();
  });

  test("is released when the work throws", async () => {
    const locks = createLocks();
    await expect(
      locks.withLock(["a", "b"], () => {
        throw new Error("broken");
      }),
    ).rejects.toThrow("broken");
    expect(locks.size).toBe(0);
    expect(await locks.withLock("a", () => 1)).toBe(1);
  });

  test("of several keys, in any order and twice, never ends in a ring and leaves nothing behind", async () => {
    const key = fc.constantFrom("a", "b", "c", "d");
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(key, { maxLength: 5 }), { maxLength: 12 }),
        async (calls) => {
          const locks = createLocks();
          const held = new Set<string>();
          const call = (keys: string[]) =>
            locks.withLock(keys, async () => {
              const mine = new Set(keys);
              for (const one of mine) {
                expect(held.has(one)).toBe(false);
                held.add(one);
              }
              await tick();
              for (const one of mine) held.delete(one);
            });
          await Promise.all(calls.map(call));
          expect(locks.size).toBe(0);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("may cover the most keys and not one more", async () => {
    const keys = (count: number) => Array.from({ length: count }, (_none, index) => `k${index}`);
    const locks = createLocks();
    expect(await locks.withLock([...keys(MAX_LOCK_KEYS), "k0"], () => locks.size)).toBe(
      MAX_LOCK_KEYS,
    );
    await expect(locks.withLock(keys(MAX_LOCK_KEYS + 1), () => 1)).rejects.toMatchObject({
      code: "VALIDATION_ERROR",
    });
    expect(locks.size).toBe(0);
  });

  test("may be waited for by the most calls and not one more", async () => {
    const locks = createLocks();
    const first = await hold(locks, "a");
    const waiting = Array.from({ length: MAX_LOCK_WAITERS }, () => locks.withLock("a", () => 1));
    await expect(locks.withLock("a", () => 1)).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await first.release();
    expect(await Promise.all(waiting)).toEqual(Array(MAX_LOCK_WAITERS).fill(1));
    expect(locks.size).toBe(0);
  });
});

describe("waiting for a lock ends", () => {
  test("when its caller aborts, and the next in line moves up", async () => {
    const locks = createLocks();
    const first = await hold(locks, "b");
    const controller = new AbortController();
    let ran = false;
    const leaving = locks.withLock(
      ["a", "b", "c"],
      () => {
        ran = true;
      },
      { signal: controller.signal },
    );
    const next = locks.withLock("b", () => "next");
    await tick();
    expect(locks.size).toBe(2);
    controller.abort();
    await expect(leaving).rejects.toMatchObject({ code: "CANCELLED" });
    expect(locks.size).toBe(1);
    await first.release();
    expect(await next).toBe("next");
    expect([ran, locks.size]).toEqual([false, 0]);
  });

  test("before it starts when its caller has aborted, even if the lock is free", async () => {
    const locks = createLocks();
    let ran = false;
    const call = locks.withLock(
      "a",
      () => {
        ran = true;
      },
      { signal: AbortSignal.abort() },
    );
    await expect(call).rejects.toMatchObject({ code: "CANCELLED" });
    expect([ran, locks.size]).toEqual([false, 0]);
  });

  test("when the caller aborts at the very moment it is let in, whichever turn that is", async () => {
    for (let turns = 0; turns < 20; turns += 1) {
      const locks = createLocks();
      const first = await hold(locks, "a");
      const other = await hold(locks, "c");
      const last = await hold(locks, "b");
      const controller = new AbortController();
      const { signal } = controller;
      const starts: boolean[] = [];
      const run = () => void starts.push(signal.aborted);
      const both = locks.withLock(["a", "b"], run, { signal });
      const one = locks.withLock("c", run, { signal });
      await tick();
      const released = [first.release(), other.release()];
      for (let turn = 0; turn < turns; turn += 1) await null;
      controller.abort();
      await expect(both).rejects.toMatchObject({ code: "CANCELLED" });
      await Promise.allSettled([one, ...released, last.release()]);
      expect([starts.includes(true), locks.size]).toEqual([false, 0]);
    }
  });

  test("at its timeout, and at once for a timeout of nothing; a free lock is still given", async () => {
    const locks = createLocks();
    const first = await hold(locks, "a");
    for (const timeoutMs of [20, 0, -1]) {
      await expect(locks.withLock("a", () => 1, { timeoutMs })).rejects.toMatchObject({
        code: "TIMEOUT",
        details: { timeoutMs: Math.max(0, timeoutMs) },
      });
    }
    await first.release();
    expect(await locks.withLock("a", () => 1, { timeoutMs: 0 })).toBe(1);
    expect(locks.size).toBe(0);
  });

  test("not while the work runs, nor at once for a timeout longer than a timer takes", async () => {
    const locks = createLocks();
    const slow = locks.withLock(
      "a",
      () => new Promise((resolve) => setTimeout(resolve, 40, "done")),
      { timeoutMs: 5 },
    );
    const patient = locks.withLock("a", () => "patient", { timeoutMs: MAX_LOCK_TIMEOUT_MS + 1 });
    expect(await Promise.all([slow, patient])).toEqual(["done", "patient"]);
  });
});
