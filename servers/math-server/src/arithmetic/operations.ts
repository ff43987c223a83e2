import { divisionByZero, Exact, toValue, type Value } from "./decimal.ts";

type Operation = (a: Exact, b: Exact, shown: string) => Exact;

export const add: Operation = (a, b) => a.plus(b);
export const subtract: Operation = (a, b) => a.minus(b);
export const multiply: Operation = (a, b) => a.times(b);

export const divide: Operation = (a, b, shown) => {
  if (b.isZero()) throw divisionByZero(shown);
  return a.div(b);
};

/** The remainder has the sign of the divisor, as in mathematics: -7 mod 3 is 2. */
export const modulo: Operation = (a, b, shown) => {
  if (b.isZero()) throw divisionByZero(shown);
  const remainder = a.mod(b);
  return remainder.isZero() || remainder.isNegative() === b.isNegative()
    ? remainder
    : remainder.plus(b);
};

export const power: Operation = (a, b, shown) => {
  if (a.isZero() && b.isNegative()) throw divisionByZero(shown);
  return a.pow(b);
};

/** Applies an operation to two numbers as they stand in JSON. */
export function calculate(operation: Operation, symbol: string, a: number, b: number): Value {
  const shown = `${a} ${symbol} ${b}`;
  return toValue(operation(new Exact(a), new Exact(b), shown), shown);
}
