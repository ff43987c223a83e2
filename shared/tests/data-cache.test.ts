import { describe, expect, test } from "vitest";
import { ERROR_CODES, type ErrorCode, ToolError } from "#shared/core/errors.ts";
import { type CacheOptions, createCache, DEFAULT_MAX_ENTRIES } from "#shared/data/cache.ts";

const TTL = 1_000;
const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A cache on a clock that stands still, at 0, and a loader that numbers its calls. */
function setUp(options: Partial<CacheOptions<string>> = {}) {
  const clock = { ms: 0 };
  const cache = createCache<string>({ ttlMs: TTL, now: () => clock.ms, ...options });
  let loads = 0;
  const load = () => {
    loads += 1;
    return Promise.resolve(`v${loads}`);
  };
  return { cache, clock, load, loads: () => loads };
}

/** A load that ends when told, and knows whether it was aborted. */
function pending() {
  let resolve: (value: string) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const result = new Promise<string>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  const seen: AbortSignal[] = [];
  const load = (signal: AbortSignal) => {
    seen.push(signal);
    return result;
  };
  return { load, seen, resolve, reject };
}

const failing = (code: ErrorCode) => () => Promise.reject(new ToolError(code, code));

describe("a cached value", () => {
  test("is served until its time and loaded again at it", async () => {
    const { cache, clock, load } = setUp();
    expect(await cache.get("a", load)).toBe("v1");
    clock.ms = TTL - 1;
    expect(await cache.get("a", load)).toBe("v1");
    clock.ms = TTL;
    expect(await cache.get("a", load)).toBe("v2");
    clock.ms = 2 * TTL - 1;
    expect(await cache.get("a", load)).toBe("v2");
  });

  test("may have a time of its own, known before or after it is loaded, or none", async () => {
    const { cache, clock, load } = setUp();
    await cache.get("a", load, { ttlMs: 10 });
    await cache.get("b", load, { ttlMs: (value) => (value === "v2" ? 20 : 0) });
    await cache.get("c", load, { ttlMs: 0 });
    expect(cache.size).toBe(2);
    clock.ms = 10;
    expect(await cache.get("a", load)).toBe("v4");
    expect(await cache.get("b", load)).toBe("v2");
    clock.ms = 20;
    expect(await cache.get("b", load)).toBe("v5");
  });

  test("may be undefined", async () => {
    let loads = 0;
    const cache = createCache<undefined>({ ttlMs: TTL });
    for (const _time of [1, 2]) {
      await cache.get("a", async () => {
        loads += 1;
        return undefined;
      });
    }
    expect(loads).toBe(1);
  });

  test("goes when it is deleted or all are cleared", async () => {
    const { cache, load } = setUp();
    await cache.get("a", load);
    await cache.get("b", load);
    cache.delete("a");
    expect([cache.size, await cache.get("a", load), await cache.get("b", load)]).toEqual([
      1,
      "v3",
      "v2",
    ]);
    cache.clear();
    expect([cache.size, await cache.get("b", load)]).toEqual([0, "v4"]);
  });

  test.each([
    [undefined, DEFAULT_MAX_ENTRIES],
    [2, 2],
  ])("with maxEntries %s is one of %i; the least used goes", async (maxEntries, most) => {
    const { cache, load, loads } = setUp({ maxEntries });
    for (let index = 0; index < most; index += 1) await cache.get(`k${index}`, load);
    expect(cache.size).toBe(most);
    await cache.get("k0", load);
    expect(loads()).toBe(most);
    await cache.get("one more", load);
    expect(cache.size).toBe(most);
    await cache.get("k0", load);
    expect(loads()).toBe(most + 1);
    await cache.get("k1", load);
    expect(loads()).toBe(most + 2);
  });

  test("counts by its size, and is not kept when it alone is over the bound", async () => {
    const { cache } = setUp({ size: { max: 10, of: (value) => value.length } });
    await cache.get("a", async () => "12345");
    await cache.get("b", async () => "12345");
    expect(cache.size).toBe(2);
    await cache.get("c", async () => "1");
    expect(cache.size).toBe(2);
    expect(await cache.get("d", async () => "1".repeat(11))).toHaveLength(11);
    expect(cache.size).toBe(2);
    await cache.get("e", async () => "1".repeat(10));
    expect(cache.size).toBe(1);
  });
});

describe("one load", () => {
  test("serves all who ask meanwhile, one a key", async () => {
    const { cache } = setUp();
    const { load, seen, resolve } = pending();
    const calls = [cache.get("a", load), cache.get("a", load), cache.get("b", load)];
    await tick();
    expect(seen).toHaveLength(2);
    resolve("v");
    expect(await Promise.all(calls)).toEqual(["v", "v", "v"]);
    expect(seen.some((signal) => signal.aborted)).toBe(false);
  });

  test("fails for all who asked, and the next asks anew: an error is not kept", async () => {
    const { cache, load } = setUp();
    const broken = pending();
    const calls = [cache.get("a", broken.load), cache.get("a", broken.load)];
    broken.reject(new Error("broken"));
    const ends = await Promise.allSettled(calls);
    expect(ends.map((end) => end.status)).toEqual(["rejected", "rejected"]);
    expect([cache.size, await cache.get("a", load)]).toEqual([0, "v1"]);
  });

  test("that throws before it returns is a failure like any other", async () => {
    const { cache, load } = setUp();
    await expect(
      cache.get("a", () => {
        throw new Error("at once");
      }),
    ).rejects.toThrow("at once");
    expect(await cache.get("a", load)).toBe("v1");
  });

  test("goes on for the others when a caller aborts, the first one too", async () => {
    for (const leaver of [0, 1]) {
      const { cache } = setUp();
      const { load, seen, resolve } = pending();
      const controllers = [new AbortController(), new AbortController()];
      const calls = controllers.map(({ signal }) => cache.get("a", load, { signal }));
      await tick();
      controllers[leaver]?.abort();
      await expect(calls[leaver]).rejects.toMatchObject({ code: "CANCELLED" });
      expect(seen[0]?.aborted).toBe(false);
      resolve("v");
      expect(await calls[1 - leaver]).toBe("v");
      expect(await cache.get("a", load)).toBe("v");
      expect(seen).toHaveLength(1);
    }
  });

  test("is aborted when the last caller has left, and does not stand in the way of the next", async () => {
    const { cache, load } = setUp();
    const first = pending();
    const controllers = [new AbortController(), new AbortController()];
    const calls = controllers.map(({ signal }) => cache.get("a", first.load, { signal }));
    await tick();
    for (const controller of controllers) controller.abort();
    const ends = await Promise.allSettled(calls);
    expect(ends.map((end) => end.status)).toEqual(["rejected", "rejected"]);
    expect(first.seen.map((signal) => signal.aborted)).toEqual([true]);
    expect(await cache.get("a", load)).toBe("v1");
    first.resolve("late");
    await tick();
    expect(await cache.get("a", load)).toBe("v1");
  });

  test("is not started for a caller who has aborted", async () => {
    const { cache, load, loads } = setUp();
    await expect(cache.get("a", load, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "CANCELLED",
    });
    expect(loads()).toBe(0);
  });

  test.each(["delete", "clear"] as const)("that was under way at %s() is not kept", async (how) => {
    const { cache, load } = setUp();
    const old = pending();
    const call = cache.get("a", old.load);
    await tick();
    cache[how]("a");
    old.resolve("old");
    expect(await call).toBe("old");
    expect([cache.size, await cache.get("a", load)]).toEqual([0, "v1"]);
  });

  test("is not evicted by others that end before it", async () => {
    const { cache, load } = setUp({ maxEntries: 1 });
    const slow = pending();
    const call = cache.get("slow", slow.load);
    await cache.get("a", load);
    await cache.get("b", load);
    slow.resolve("slow");
    expect([await call, slow.seen[0]?.aborted]).toEqual(["slow", false]);
  });
});

describe("a stale value", () => {
  const stale = { staleIfErrorMs: 500 };

  test("is served while a failure passes, up to its bound, and the log is told", async () => {
    const told: string[] = [];
    const { cache, clock, load } = setUp({
      ...stale,
      onStale: (key, error) => told.push(`${key} ${error.code}`),
    });
    await cache.get("a", load);
    clock.ms = TTL + 499;
    expect(await cache.get("a", failing("TIMEOUT"))).toBe("v1");
    expect(told).toEqual(["a TIMEOUT"]);
    clock.ms = TTL + 500;
    await expect(cache.get("a", failing("TIMEOUT"))).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(await cache.get("a", load)).toBe("v2");
  });

  test("is served only for failures that pass", async () => {
    const served: string[] = [];
    for (const code of ERROR_CODES) {
      const { cache, clock, load } = setUp(stale);
      await cache.get("a", load);
      clock.ms = TTL;
      await cache.get("a", failing(code)).then(
        () => served.push(code),
        () => {},
      );
    }
    expect(served).toEqual(["RATE_LIMITED", "API_ERROR", "TIMEOUT", "UNAVAILABLE"]);
    const { cache, clock, load } = setUp(stale);
    await cache.get("a", load);
    clock.ms = TTL;
    await expect(cache.get("a", () => Promise.reject(new Error("ours")))).rejects.toThrow("ours");
  });

  test("is not served unless asked for", async () => {
    const { cache, clock, load } = setUp();
    await cache.get("a", load);
    clock.ms = TTL;
    await expect(cache.get("a", failing("TIMEOUT"))).rejects.toMatchObject({ code: "TIMEOUT" });
  });
});
