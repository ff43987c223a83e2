import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluate } from "../src/expression/evaluate.ts";
import { MAX_FACTORIAL } from "../src/expression/functions.ts";
import { MAX_EXPRESSION_DEPTH } from "../src/expression/parse.ts";

const decimal = (expression: string, variables?: Record<string, number>) =>
  evaluate(expression, variables).decimal;

function reasonOf(expression: string, variables?: Record<string, number>): unknown {
  try {
    evaluate(expression, variables);
  } catch (error) {
    return (error as { details: { reason: string } }).details.reason;
  }
  return "none";
}

describe("the value of an expression", () => {
  it.each([
    ["0.1 + 0.2", "0.3"],
    ["2 + 3 * 4", "14"],
    ["(2 + 3) * 4", "20"],
    ["2 ^ 3 ^ 2", "512"],
    ["2 ** 10", "1024"],
    ["-2 ^ 2", "-4"],
    ["(-2) ^ 2", "4"],
    ["-(2 ^ 2)", "-4"],
    ["3 - -2 ^ 2", "7"],
    ["--2", "2"],
    ["-7 % 3", "2"],
    ["7 % -3", "-2"],
    ["2 ^ -2", "0.25"],
    ["1 / 3", "0.3333333333333333333333333333333333333333"],
    ["2 ^ 100", "1267650600228229401496703205376"],
    ["sqrt(2)", "1.41421356237309504880168872420969807857"],
    ["hypot(3, 4) + round(2.345, 2)", "7.35"],
    ["factorial(20)", "2432902008176640000"],
    ["log(8, 2) + ln(e) + log10(1000)", "7"],
    ["degrees(pi)", "180"],
    ["1e3 + .5", "1000.5"],
  ])("%s is %s", (expression, expected) => {
    expect(decimal(expression)).toBe(expected);
  });

  it("reads variables before constants", () => {
    expect(decimal("x * y", { x: 6, y: 7 })).toBe("42");
    expect(decimal("e", { e: 1 })).toBe("1");
  });

  it("agrees with the arithmetic of integers on sums, differences and products", () => {
    const operand = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(operand, operand, operand, (a, b, c) => {
        const shown = (value: number) => (value < 0 ? `(${value})` : `${value}`);
        expect(evaluate(`${shown(a)} + ${shown(b)} * ${shown(c)}`).value).toBe(a + b * c);
        expect(evaluate(`(${shown(a)} - ${shown(b)}) * ${shown(c)}`).value + 0).toBe(
          (a - b) * c + 0,
        );
      }),
    );
  });
});

describe("what has no value", () => {
  it.each([
    ["1 / 0", "division_by_zero"],
    ["0 ^ -1", "division_by_zero"],
    ["5 % 0", "division_by_zero"],
    ["10 ^ 308 * 10", "overflow"],
    ["10 ^ 400", "overflow"],
    ["sqrt(-1)", "undefined_result"],
    [" ", "bad_syntax"],
    ["2 +", "bad_syntax"],
    ["(1", "bad_syntax"],
    ["2 x", "bad_syntax"],
    ["1; 2", "bad_syntax"],
    ["'text'", "bad_syntax"],
    ["[1, 2]", "bad_syntax"],
    ["a.b", "bad_syntax"],
    ["this", "bad_syntax"],
    ["constructor", "unknown_name"],
    ["__proto__", "unknown_name"],
    ["toString()", "unknown_name"],
    ["x + 1", "unknown_name"],
    ["sqrt(1, 2)", "wrong_arguments"],
    ["min()", "wrong_arguments"],
    [`factorial(${MAX_FACTORIAL + 1})`, "out_of_domain"],
    ["factorial(1.5)", "out_of_domain"],
    ["sin(1e16)", "out_of_domain"],
  ])("%s ends in %s", (expression, reason) => {
    expect(reasonOf(expression)).toBe(reason);
  });

  it("allows the deepest nesting and refuses one level more", () => {
    const nested = (depth: number) => `${"(".repeat(depth)}1${")".repeat(depth)}`;
    expect(decimal(nested(MAX_EXPRESSION_DEPTH))).toBe("1");
    expect(reasonOf(nested(MAX_EXPRESSION_DEPTH + 1))).toBe("bad_syntax");
    expect(reasonOf(`${"-".repeat(MAX_EXPRESSION_DEPTH + 1)}1`)).toBe("bad_syntax");
  });

  it("gives a value or a documented error for any text", () => {
    const alphabet = [
      ..."0123456789.+-*/%^(), exyz[]{}'\"?:;=<>!&|`\\#@~\n",
      "sqrt",
      "min",
      "pi",
      "this",
      "factorial",
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...alphabet), { minLength: 1, maxLength: 40 }),
        (parts) => {
          const reason = reasonOf(parts.join(""));
          expect([
            "none",
            "bad_syntax",
            "unknown_name",
            "wrong_arguments",
            "out_of_domain",
            "division_by_zero",
            "overflow",
            "undefined_result",
          ]).toContain(reason);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
