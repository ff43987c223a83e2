import { Decimal } from "decimal.js";
import { ToolError } from "#shared/core/errors.ts";

/** Significant digits of every calculation; what JSON can carry as a number has at most 17. */
export const PRECISION = 40;

/** Decimal arithmetic, so that 0.1 + 0.2 is 0.3, bounded so that no operation can run long. */
export const Exact = Decimal.clone({
  precision: PRECISION,
  maxE: 400,
  minE: -400,
  toExpPos: 60,
  toExpNeg: -60,
});
export type Exact = Decimal;

export interface Value {
  /** The nearest number that JSON can carry. */
  value: number;
  /** The same in up to PRECISION significant digits. */
  decimal: string;
}

/** The outcome of `calculation`. Throws a ToolError where the result is too large to be a number, or is none. */
export function toValue(result: Exact, calculation: string): Value {
  if (result.isNaN()) {
    throw new ToolError("VALIDATION_ERROR", `${calculation} has no real result.`, {
      details: { reason: "undefined_result" },
    });
  }
  const value = result.toNumber();
  if (!Number.isFinite(value)) {
    throw new ToolError(
      "VALIDATION_ERROR",
      `${calculation} overflows: the result is beyond ±1.7976931348623157e308. Use smaller numbers, or logarithms.`,
      { details: { reason: "overflow" } },
    );
  }
  return { value, decimal: result.toString() };
}

export function divisionByZero(calculation: string): ToolError {
  return new ToolError(
    "VALIDATION_ERROR",
    `${calculation} divides by zero. Give a divisor other than 0.`,
    {
      details: { reason: "division_by_zero" },
    },
  );
}
