import { ToolError } from "#shared/core/errors.ts";
import { Exact } from "../arithmetic/decimal.ts";

interface Function {
  /** Least and most arguments. */
  arity: readonly [number, number];
  apply(args: readonly Exact[]): Exact;
}

/** 171! is beyond the largest number that JSON can carry. */
export const MAX_FACTORIAL = 170;
const MAX_ARGUMENTS = 100;
/** Decimal places that `round` can keep. */
const MAX_PLACES = 30;
/** Radians beyond which reducing an angle would take more digits of pi than are kept. */
const MAX_ANGLE = 1e15;

const one = (
  name: "sqrt" | "cbrt" | "abs" | "floor" | "ceil" | "trunc" | "exp" | "ln",
): Function => ({
  arity: [1, 1],
  apply: ([x = ZERO]) => x[name](),
});

const angle = (name: "sin" | "cos" | "tan"): Function => ({
  arity: [1, 1],
  apply: ([x = new Exact(0)]) => {
    if (x.abs().gt(MAX_ANGLE)) throw domainError(`${name} takes angles up to ${MAX_ANGLE} radians`);
    return x[name]();
  },
});

const fixed = (count: number, apply: Function["apply"]): Function => ({
  arity: [count, count],
  apply,
});
const many = (apply: Function["apply"]): Function => ({ arity: [1, MAX_ARGUMENTS], apply });

function domainError(message: string): ToolError {
  return new ToolError("VALIDATION_ERROR", `${message}.`, { details: { reason: "out_of_domain" } });
}

function wholeNumber(value: Exact | undefined, name: string, least: number, most: number): number {
  if (value?.isInteger() && value.gte(least) && value.lte(most)) return value.toNumber();
  throw domainError(`${name} takes a whole number from ${least} to ${most}`);
}

function factorial(value: Exact | undefined): Exact {
  let product = new Exact(1);
  for (let factor = wholeNumber(value, "factorial", 0, MAX_FACTORIAL); factor > 1; factor--)
    product = product.times(factor);
  return product;
}

/** Digits of a constant cost milliseconds, so they are worked out when an expression has it. */
const once = (make: () => Exact) => {
  let made: Exact | undefined;
  return () => {
    made ??= make();
    return made;
  };
};
const pi = once(() => Exact.acos(-1));
const e = once(() => Exact.exp(1));
const ZERO = new Exact(0);

const FUNCTIONS: Record<string, Function> = {
  sqrt: one("sqrt"),
  cbrt: one("cbrt"),
  abs: one("abs"),
  floor: one("floor"),
  ceil: one("ceil"),
  trunc: one("trunc"),
  exp: one("exp"),
  ln: one("ln"),
  log10: fixed(1, ([x = ZERO]) => x.log(10)),
  log2: fixed(1, ([x = ZERO]) => x.log(2)),
  log: fixed(2, ([x = ZERO, base = ZERO]) => x.log(base)),
  sin: angle("sin"),
  cos: angle("cos"),
  tan: angle("tan"),
  asin: fixed(1, ([x = ZERO]) => x.asin()),
  acos: fixed(1, ([x = ZERO]) => x.acos()),
  atan: fixed(1, ([x = ZERO]) => x.atan()),
  atan2: fixed(2, ([y = ZERO, x = ZERO]) => Exact.atan2(y, x)),
  degrees: fixed(1, ([x = ZERO]) => x.times(180).div(pi())),
  radians: fixed(1, ([x = ZERO]) => x.times(pi()).div(180)),
  factorial: fixed(1, ([x]) => factorial(x)),
  round: {
    arity: [1, 2],
    apply: ([x = ZERO, places]) =>
      x.toDecimalPlaces(places ? wholeNumber(places, "round", 0, MAX_PLACES) : 0),
  },
  min: many((args) => Exact.min(...args)),
  max: many((args) => Exact.max(...args)),
  sum: many((args) => args.reduce((total, x) => total.plus(x))),
  mean: many((args) => args.reduce((total, x) => total.plus(x)).div(args.length)),
  hypot: many((args) => Exact.hypot(...args)),
};

const CONSTANTS: Record<string, () => Exact> = { pi, tau: () => pi().times(2), e };

/** The value of a constant; undefined when there is none of this name. */
export const constantNamed = (name: string): Exact | undefined =>
  Object.hasOwn(CONSTANTS, name) ? CONSTANTS[name]?.() : undefined;

export const FUNCTION_NAMES = Object.keys(FUNCTIONS);

/** Calls a function by its name. Throws a ToolError for a name that does not exist or a wrong number of arguments. */
export function callFunction(name: string, args: readonly Exact[]): Exact {
  const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!found) {
    throw new ToolError(
      "VALIDATION_ERROR",
      `There is no function "${name}". There are: ${FUNCTION_NAMES.join(", ")}.`,
      {
        details: { reason: "unknown_name", name },
      },
    );
  }
  const [least, most] = found.arity;
  if (args.length < least || args.length > most) {
    const wanted = least === most ? `${least}` : `${least} to ${most}`;
    throw new ToolError(
      "VALIDATION_ERROR",
      `${name} takes ${wanted} argument${wanted === "1" ? "" : "s"}, not ${args.length}.`,
      {
        details: { reason: "wrong_arguments", name },
      },
    );
  }
  return found.apply(args);
}
