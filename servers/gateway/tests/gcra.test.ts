import { describe, expect, it } from "vitest";
import { LocalLimiter, ruleOf, SWEEP_AT } from "../src/limits/gcra.ts";
import {
  LEASE_MS,
  leaseSize,
  type SharedBuckets,
  SharedLimiter,
} from "../src/limits/shared-limiter.ts";

describe("a limit in memory", () => {
  it("lets a burst through, then one each so long, and tells how long", () => {
    let now = 1_000;
    const limiter = new LocalLimiter(() => now);
    const rule = ruleOf(10, "second", 3);
    expect([1, 2, 3].map(() => limiter.take("a", rule))).toEqual([0, 0, 0]);
    expect(limiter.take("a", rule)).toBe(100);
    expect(limiter.isFree("a", rule)).toBe(false);
    expect(limiter.take("b", rule), "another key").toBe(0);
    now += 99;
    expect(limiter.take("a", rule)).toBe(1);
    now += 1;
    expect(limiter.take("a", rule)).toBe(0);
    expect(limiter.take("a", rule)).toBe(100);
    now += 60_000;
    expect([1, 2, 3, 4].map(() => limiter.take("a", rule) > 0)).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  it("never lets through more than the burst and the rate, however calls come", () => {
    let now = 0;
    const limiter = new LocalLimiter(() => now);
    const rule = ruleOf(7, "second", 5);
    let through = 0;
    for (let step = 0; step < 10_000; step++) {
      now += (step * 7919) % 13;
      if (limiter.take("a", rule) === 0) through++;
    }
    expect(through).toBeLessThanOrEqual(5 + (now / 1_000) * 7);
    expect(through).toBeGreaterThan((now / 1_000) * 7 - 1);
  });

  it("forgets keys that are full again", () => {
    let now = 0;
    const limiter = new LocalLimiter(() => now);
    const rule = ruleOf(1, "second");
    for (let key = 0; key < SWEEP_AT; key++) limiter.take(`old-${key}`, rule);
    expect(limiter.size).toBe(SWEEP_AT);
    now += 2_000;
    limiter.take("new", rule);
    expect(limiter.size).toBe(1);
  });
});

describe("a limit that is shared", () => {
  const rule = ruleOf(100, "second", 50);
  function buckets(answers: { granted: number; waitMs: number }[]) {
    const asked: number[] = [];
    const made: SharedBuckets & { asked: number[]; isUp: boolean } = {
      asked,
      isUp: true,
      take: async (_, __, wanted) => {
        asked.push(wanted);
        const answer = answers.shift();
        if (!answer) throw new Error("away");
        return answer;
      },
    };
    return made;
  }

  it("takes a few tokens in advance, which are good for a while", async () => {
    let now = 0;
    const shared = buckets([
      { granted: 5, waitMs: 0 },
      { granted: 2, waitMs: 0 },
    ]);
    const limiter = new SharedLimiter({ buckets: shared, replicas: 1, now: () => now });
    expect(leaseSize(rule)).toBe(5);
    for (let call = 0; call < 5; call++) expect(await limiter.take("a", rule)).toBe(0);
    expect(shared.asked).toEqual([5]);
    expect(await limiter.take("a", rule)).toBe(0);
    expect(shared.asked).toHaveLength(2);
    now += LEASE_MS;
    await limiter.take("a", rule);
    expect(shared.asked, "what is left is good no longer").toHaveLength(3);
  });

  it("takes one at a time where the limit is small", () => {
    expect(leaseSize(ruleOf(5, "second", 20))).toBe(1);
    expect(leaseSize(ruleOf(1, "hour", 1))).toBe(1);
  });

  it("does not ask again before there is one", async () => {
    let now = 0;
    const shared = buckets([
      { granted: 0, waitMs: 70 },
      { granted: 1, waitMs: 0 },
    ]);
    const limiter = new SharedLimiter({ buckets: shared, replicas: 1, now: () => now });
    expect(await limiter.take("a", rule)).toBe(70);
    now += 30;
    expect(await limiter.take("a", rule)).toBe(40);
    expect(shared.asked).toHaveLength(1);
    now += 40;
    expect(await limiter.take("a", rule)).toBe(0);
  });

  it("asks once for those who come together", async () => {
    const shared = buckets([
      { granted: 5, waitMs: 0 },
      { granted: 0, waitMs: 9 },
    ]);
    const limiter = new SharedLimiter({ buckets: shared, replicas: 1, now: () => 0 });
    const waits = await Promise.all(Array.from({ length: 8 }, () => limiter.take("a", rule)));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(5);
    expect(shared.asked).toHaveLength(2);
  });

  it("keeps to its part while nobody can be asked", async () => {
    const shared = buckets([]);
    const limiter = new SharedLimiter({ buckets: shared, replicas: 2, now: () => 0 });
    shared.isUp = false;
    const waits = await Promise.all(Array.from({ length: 60 }, () => limiter.take("a", rule)));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(25);
    shared.isUp = true;
    expect(await limiter.take("b", rule), "one that fails in the middle").toBe(0);
  });
});
