import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizeMessage } from "../src/domain/error-groups.ts";
import { fisherGreater, mannWhitney, median, percentile } from "../src/domain/statistics.ts";

describe("percentile", () => {
  it("is the nearest rank", () => {
    const values = [15, 20, 35, 40, 50];
    expect([5, 30, 40, 50, 100].map((p) => percentile(values, p))).toEqual([15, 20, 20, 35, 50]);
    expect(percentile([], 50)).toBeNull();
  });

  it("is a value that at least p percent do not exceed, and the smallest such", () => {
    const values = fc.array(fc.integer(), { minLength: 1, maxLength: 50 });
    void fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 100 }), (all, p) => {
        const found = percentile(all, p) ?? 0;
        const atMost = (limit: number) => all.filter((value) => value <= limit).length;
        expect(atMost(found) / all.length).toBeGreaterThanOrEqual(p / 100);
        for (const value of all)
          if (value < found) expect(atMost(value) / all.length).toBeLessThan(p / 100);
      }),
    );
  });
});

describe("mannWhitney", () => {
  it("agrees with tables of the test", () => {
    // U = 0 of 10 and 10: z = (50 - 0.5) / sqrt(175)
    const low = Array.from({ length: 10 }, (_, index) => index);
    const high = low.map((value) => value + 10);
    expect(mannWhitney(low, high)).toBeCloseTo(0.000183, 6);
    expect(mannWhitney(high, low)).toBe(mannWhitney(low, high));
  });

  it("finds nothing in equal values, nor in none", () => {
    expect(mannWhitney([1, 1, 1], [1, 1, 1])).toBe(1);
    expect(mannWhitney([], [1])).toBe(1);
  });
});

describe("fisherGreater", () => {
  it("agrees with the tea taster", () => {
    // 3 of 4 cups right: p = 17/70
    expect(fisherGreater(1, 4, 3, 4)).toBeCloseTo(17 / 70, 10);
    expect(fisherGreater(0, 10, 0, 10)).toBe(1);
  });
});

describe("median", () => {
  it("is the middle, or the mean of the two in the middle", () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5]);
  });
});

describe("normalizeMessage", () => {
  it.each([
    ['Row 12 of "Leads" not found', "Row <n> of <text> not found"],
    ["GET https://a.example/x?id=7 gave 404", "GET <url> gave <n>"],
    ["No user ada@example.com", "No user <email>"],
    ["Record 00000000-0000-4000-8000-000000000001 is gone", "Record <id> is gone"],
    ["Key a1b2c3d4e5 is   wrong", "Key <id> is wrong"],
    ["Invalid access token", "Invalid access token"],
  ])("%s", (message, normal) => {
    expect(normalizeMessage(message)).toBe(normal);
  });
});
