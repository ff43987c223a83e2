import { describe, expect, it } from "vitest";
import { createBudget, FREE_LIMITS } from "../src/upstream/budget.ts";
import { weightOf } from "../src/upstream/weight.ts";
import { openWeather } from "./support/weather.ts";

const budgetAt = (start: number, enforced = true) => {
  let at = start;
  const budget = createBudget({ now: () => at, enforced });
  return {
    budget,
    go: (ms: number) => {
      at += ms;
    },
  };
};

describe("weight", () => {
  it.each([
    [{ places: 1, variables: 1, days: 1 }, 1],
    [{ places: 1, variables: 10, days: 14 }, 1],
    [{ places: 1, variables: 15, days: 7 }, 1.5],
    [{ places: 1, variables: 10, days: 28 }, 2],
    [{ places: 50, variables: 12, days: 1 }, 60],
    [{ places: 1, variables: 1, days: 140 }, 1],
  ])("of %j is %d", (volume, weight) => expect(weightOf(volume)).toBeCloseTo(weight));
});

describe("the budget", () => {
  it.each(FREE_LIMITS)("lets $max through in a $name, and no more", ({ name, ms, max }) => {
    const { budget, go } = budgetAt(1_000_000_000_000);
    const steps = name === "minute" ? 1 : name === "hour" ? 20 : 40;
    for (let step = 0; step < steps; step += 1) {
      budget.spend(max / steps);
      go(ms / (steps + 10));
    }
    expect(() => budget.spend(1)).toThrow(`${max} a ${name}`);
    go(ms * 1.1);
    budget.spend(1);
  });

  it("slides: what was spent at the end of one minute counts in the next", () => {
    const { budget, go } = budgetAt(59_000);
    budget.spend(600);
    go(2_000);
    expect(() => budget.spend(1)).toThrow("Try again in");
    go(60_000);
    budget.spend(600);
  });

  it("sends nothing before the host's own hour is over, once the host has said so", () => {
    const { budget, go } = budgetAt(3_600_000 * 10 + 1_000);
    budget.exhaust("hour");
    expect(() => budget.spend(1)).toThrow("Try again in 3599 s");
    go(3_599_000);
    budget.spend(1);
  });

  it("counts without refusing when the plan is paid for", () => {
    const { budget } = budgetAt(0, false);
    budget.spend(20_000);
    expect(budget.status()).toMatchObject([{ used: 20_000, left: 0 }, {}, {}]);
  });
});

describe("asking", () => {
  it("never has more than one request under way for 64 callers at once", async () => {
    const { ask, host } = await openWeather();
    const calls = Array.from({ length: 64 }, (_, index) =>
      ask("forecast", { place: `${10 + index / 10},${index}`, days: 1 }),
    );
    await Promise.all(calls);
    expect([host.requests.length, host.mostAtOnce]).toEqual([64, 1]);
  });

  it("asks once when 64 callers ask the same at once", async () => {
    const { ask, host } = await openWeather();
    await Promise.all(Array.from({ length: 64 }, () => ask("forecast", { place: "10,10" })));
    expect(host.requests).toHaveLength(1);
  });

  it("asks anew only when the next hour has begun", async () => {
    const { ask, host } = await openWeather();
    await ask("forecast", { place: "10,10" });
    host.world.now = new Date("2025-01-15T11:59:59Z");
    await ask("forecast", { place: "10,10" });
    expect(host.requests).toHaveLength(1);
    host.world.now = new Date("2025-01-15T12:00:01Z");
    await ask("forecast", { place: "10,10" });
    expect(host.requests).toHaveLength(2);
  });

  it("refuses by itself what would break the limit of a minute", async () => {
    const { ask, error, host } = await openWeather();
    const places = (from: number) => Array.from({ length: 50 }, (_, index) => `${from},${index}`);
    for (let from = 0; from < 10; from += 1) await ask("current_weather", { places: places(from) });
    expect(await error("current_weather", { places: places(10) })).toMatchObject({
      code: "RATE_LIMITED",
      details: { reason: "budget", window: "minute", retryAfterSeconds: expect.any(Number) },
    });
    expect(host.requests).toHaveLength(10);
  });

  it("sends the key of a paid plan, counts no limits for it, and does not record it", async () => {
    const { ask, host } = await openWeather({ env: { OPEN_METEO_API_KEY: "canary-key" } });
    await ask("forecast", { place: "10,10" });
    expect(host.requests[0]).toContain("&apikey=canary-key");
    expect(JSON.stringify(await ask("service_status", {}))).not.toContain("canary");
  });

  it("writes a space as %20 and never as +", async () => {
    const { ask, host } = await openWeather();
    await ask("find_place", { query: "Las Vegas NV" });
    expect(host.requests[0]).toContain("name=Las%20Vegas%20NV");
  });
});
