import { spawn } from "node:child_process";
import { once } from "node:events";
import { utimes, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import {
  createRateBudget,
  FIRST_LIMIT,
  type Freed,
  type PlaceStore,
  usable,
} from "#shared/make-api/budget.ts";
import { createFileStore, exchange } from "#shared/make-api/budget-file.ts";
import { createRedisStore, withFallback } from "#shared/make-api/budget-redis.ts";
import { STALE_LOCK_MS, updateFile } from "#shared/make-api/locked-file.ts";
import { STUB_TOKEN } from "../make-stub/denial.ts";
import { startMakeStub } from "../make-stub/stub.ts";
import { withTempDir } from "../testing/temp-dir.ts";
import { PATIENCE_MS } from "../testing/within.ts";

const WINDOW_MS = 1_000;
const LEASE_MS = 3_000;

/** Whether something listens there; a test that needs it is skipped by name where nothing does. */
const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
const REDIS_URL = "redis://127.0.0.1:6379/15";
const hasRedis = await listens(6379);

describe("places", () => {
  /** What a caller does next: after some time, takes a place or gives one back that it took. */
  const steps = fc.array(
    fc.record({ afterMs: fc.nat(400), wanted: fc.nat(6), back: fc.nat(6), agoMs: fc.nat(50) }),
    { maxLength: 60 },
  );

  it("never let more than the limit arrive in a window, however long requests take", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), steps, (limit, all) => {
        const state = { limit, blockedUntil: 0, nextPlace: 0, busy: {} };
        const held: { place: string; takenAt: number }[] = [];
        const spans: { from: number; to: number }[] = [];
        let now = 1_000_000;
        for (const { afterMs, wanted, back, agoMs } of all) {
          now += afterMs;
          // a place whose lease ran out belongs to a process that died: its request arrived before
          while (held[0] && now - held[0].takenAt >= LEASE_MS - WINDOW_MS) held.shift();
          const done: Freed[] = held.splice(0, back).map(({ place, takenAt }) => {
            const at = Math.max(takenAt, now - agoMs);
            spans.push({ from: takenAt, to: at });
            return { place, agoMs: now - at };
          });
          const { taken } = exchange(
            state,
            { wanted, done, leaseMs: LEASE_MS, windowMs: WINDOW_MS },
            now,
          );
          held.push(...taken.map((place) => ({ place, takenAt: now })));
          expect(taken.length).toBeLessThanOrEqual(wanted);
        }
        // the worst for Make: each request arrives as late as it can, or as early
        for (const arrivals of [spans.map(({ from }) => from), spans.map(({ to }) => to)]) {
          for (const start of arrivals) {
            const inWindow = arrivals.filter((at) => at >= start && at < start + WINDOW_MS);
            expect(inWindow.length).toBeLessThanOrEqual(limit);
          }
        }
      }),
    );
  });

  it("are those of the lowest limit until the real one is known", () => {
    const state = { blockedUntil: 0, nextPlace: 0, busy: {} };
    const step = { wanted: 100, done: [], leaseMs: LEASE_MS, windowMs: WINDOW_MS };
    expect(exchange(state, step, 0).taken).toHaveLength(usable(FIRST_LIMIT));
  });

  it("come back when the process that held them died, and not before", () => {
    const state = { limit: 1, blockedUntil: 0, nextPlace: 0, busy: {} };
    const step = { wanted: 1, done: [], leaseMs: LEASE_MS, windowMs: WINDOW_MS };
    expect(exchange(state, step, 0).taken).toHaveLength(1);
    expect(exchange(state, step, LEASE_MS - 1).taken).toHaveLength(0);
    expect(exchange(state, step, LEASE_MS).taken).toHaveLength(1);
  });

  it.each([
    [1, 1],
    [10, 9],
    [30, 28],
    [60, 57],
    [240, 228],
    [1_000, 950],
  ])("of a limit of %i are %i", (limit, places) => {
    expect(usable(limit)).toBe(places);
  });
});

describe("a budget", () => {
  const open = (store: PlaceStore) => createRateBudget({ store, windowMs: WINDOW_MS });

  it("gives places at once while there are some", async () => {
    await withTempDir(async (folder) => {
      const budget = createRateBudget({ store: createFileStore(join(folder, "b.json")) });
      // a minute is the window: a call that waited for it would end this test
      for (let n = 0; n < 10; n += 1) (await budget.take())();
      await budget.close();
    });
  });

  it("lets a caller leave the line, and gives the place to the next", async () => {
    await withTempDir(async (folder) => {
      const store = createFileStore(join(folder, "b.json"));
      await store.setLimit(1);
      const budget = open(store);
      const first = await budget.take();
      const gone = new AbortController();
      const leaving = budget.take(gone.signal);
      const next = budget.take();
      gone.abort(new Error("gone"));
      await expect(leaving).rejects.toThrow("gone");
      first();
      (await next)();
      await budget.close();
    });
  });

  it("waits a window when Make says that others used it up", async () => {
    await withTempDir(async (folder) => {
      const store = createFileStore(join(folder, "b.json"));
      const [one, other] = [open(store), open(createFileStore(join(folder, "b.json")))];
      const start = performance.now();
      await one.exhausted();
      (await other.take())();
      expect(performance.now() - start).toBeGreaterThanOrEqual(WINDOW_MS * 0.9);
      await Promise.all([one.close(), other.close()]);
    });
  });

  it("says that it cannot be used, and asks nothing, when its folder is none", async () => {
    await withTempDir(async (folder) => {
      await writeFile(join(folder, "file"), "");
      const budget = open(createFileStore(join(folder, "file", "b.json")));
      await expect(budget.take()).rejects.toMatchObject({ code: "UNAVAILABLE" });
      await budget.close();
    });
  });
});

describe("the file", () => {
  it("loses no step of many at once", async () => {
    await withTempDir(async (folder) => {
      const file = join(folder, "n");
      const step = () =>
        updateFile(file, (text) => ({ text: String(Number(text ?? 0) + 1), result: 0 }));
      await Promise.all(Array.from({ length: 60 }, step));
      expect(await updateFile(file, (text = "") => ({ text, result: text }))).toBe("60");
    });
  });

  it("is taken over when the one who locked it died", async () => {
    await withTempDir(async (folder) => {
      const file = join(folder, "n");
      await writeFile(`${file}.lock`, "");
      const long = new Date(Date.now() - STALE_LOCK_MS - 1_000);
      await utimes(`${file}.lock`, long, long);
      expect(await updateFile(file, () => ({ text: "x", result: "in" }))).toBe("in");
    });
  });

  it("that broke is begun anew", async () => {
    await withTempDir(async (folder) => {
      const file = join(folder, "b.json");
      await writeFile(file, '{"busy": "');
      const store = createFileStore(file);
      const step = { wanted: 1, done: [], leaseMs: LEASE_MS, windowMs: WINDOW_MS };
      expect((await store.exchange(step)).taken).toHaveLength(1);
    });
  });
});

describe.skipIf(!hasRedis)("Redis on this machine", () => {
  it("gives the places of the limit, takes them back, and blocks", async () => {
    const name = `test-${process.pid}`;
    const store = await createRedisStore(REDIS_URL, name, PATIENCE_MS);
    await store.setLimit(4);
    const step = { wanted: 9, done: [], leaseMs: 600_000, windowMs: 50 };
    const { taken } = await store.exchange(step);
    expect(taken).toHaveLength(usable(4));
    expect((await store.exchange(step)).taken).toEqual([]);
    const done = taken.map((place) => ({ place, agoMs: 50 }));
    expect((await store.exchange({ ...step, done, wanted: 1 })).taken).toHaveLength(1);
    await store.block(600_000);
    expect(await store.exchange({ ...step, wanted: 1 })).toMatchObject({
      taken: [],
      waitMs: expect.any(Number),
    });
    expect(await store.limit()).toBe(4);
    await store.close();
    await forget(name);
  });
});

it("a Redis that goes away leaves the file of this machine", async () => {
  await withTempDir(async (folder) => {
    const redis = await createRedisStore("redis://127.0.0.1:1/0", "x");
    const told: unknown[] = [];
    const store = withFallback(redis, createFileStore(join(folder, "b.json")), (error) =>
      told.push(error),
    );
    await store.setLimit(10);
    const step = { wanted: 99, done: [], leaseMs: LEASE_MS, windowMs: WINDOW_MS };
    expect((await store.exchange(step)).taken).toHaveLength(usable(10));
    expect(told.length).toBeGreaterThan(0);
    await store.close();
  });
});

describe("two processes of 1,000 calls each", () => {
  const LIMIT = 500;
  const SHARED_WINDOW_MS = 5_000;
  const CALLS = 1_000;
  const caller = fileURLToPath(new URL("fixtures/make/caller.ts", import.meta.url));

  async function run(where: string) {
    const stub = await startMakeStub({ limit: LIMIT, windowMs: SHARED_WINDOW_MS });
    try {
      const arguments_ = [stub.url, STUB_TOKEN, String(CALLS), String(SHARED_WINDOW_MS), where];
      const children = [1, 2].map(() =>
        spawn(process.execPath, ["--import", "tsx", caller, ...arguments_], {
          stdio: ["ignore", "ignore", "inherit"],
        }),
      );
      const codes = await Promise.all(
        children.map(async (child) => (await once(child, "exit"))[0] as unknown),
      );
      expect(codes).toEqual([0, 0]);
      return { worst: stub.worst(), refused: stub.refused(), arrivals: stub.arrivals() };
    } finally {
      await stub.close();
    }
  }

  /** Of what the limit allows, while all places were used once, at best: a process may be stopped at other times. */
  function share(arrivals: readonly number[]): number {
    const places = usable(LIMIT);
    const times = arrivals.slice(places).map((at, index) => at - (arrivals[index] ?? 0));
    return places / ((Math.min(...times) / SHARED_WINDOW_MS) * LIMIT);
  }

  const expectFair = ({ worst, refused, arrivals }: Awaited<ReturnType<typeof run>>) => {
    expect(arrivals).toHaveLength(2 * CALLS);
    expect(refused).toBe(0);
    expect(worst).toBeLessThanOrEqual(LIMIT);
    expect(share(arrivals)).toBeGreaterThanOrEqual(0.9);
  };

  it("share the limit by a file: never over it, nine tenths of it used", {
    timeout: 120_000,
  }, async () => {
    await withTempDir(async (folder) => {
      const file = join(folder, "b.json");
      await createFileStore(file).setLimit(LIMIT);
      expectFair(await run(file));
    });
  });

  it.skipIf(!hasRedis)("share it by Redis as well", { timeout: 120_000 }, async () => {
    const name = `test-${process.pid}`;
    const store = await createRedisStore(REDIS_URL, name, PATIENCE_MS);
    await store.setLimit(LIMIT);
    expectFair(await run(REDIS_URL));
    await store.close();
    await forget(name);
  });
});

async function forget(name: string): Promise<void> {
  const redis = new Redis(REDIS_URL);
  await redis.del(...["places", "block", "limit"].map((part) => `{make-budget:${name}}:${part}`));
  redis.disconnect();
}
