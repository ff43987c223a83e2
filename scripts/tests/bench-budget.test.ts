import { expect, test } from "vitest";
import { budgetOf, defaults, judge } from "../bench/lib/budget.ts";

test("fills a budget up with what holds for all", () => {
  expect(budgetOf({ startCpu: 3 })).toEqual({ ...defaults, startCpu: 3 });
});

test("refuses a budget that binds nothing", () => {
  expect(() => budgetOf({ startCPU: 3 })).toThrow("flotilla.budget.startCPU is not known");
  expect(() => budgetOf({ startCpu: "3" })).toThrow("no number above 0");
  expect(() => budgetOf({ startCpu: Number.NaN })).toThrow("no number above 0");
  expect(() => budgetOf([])).toThrow("no object");
});

test("tells what is over, by name, figure and budget; what is equal is within", () => {
  const figures = { ...defaults, firstCallCpu: defaults.firstCallCpu + 0.1 };
  const verdicts = judge(figures, defaults);
  expect(verdicts.filter(({ verdict }) => verdict === "over")).toEqual([
    {
      name: "firstCallCpu",
      measured: defaults.firstCallCpu + 0.1,
      allowed: defaults.firstCallCpu,
      verdict: "over",
    },
  ]);
  expect(verdicts).toHaveLength(5);
});

test("does not call within budget what could not be measured", () => {
  const [first] = judge({ ...defaults, startCpu: Number.NaN }, defaults);
  expect(first?.verdict).toBe("not measured");
});
