import type { BinaryExpression, CallExpression, Identifier, Literal, UnaryExpression } from "jsep";
import { ToolError } from "#shared/core/errors.ts";
import { Exact, toValue, type Value } from "../arithmetic/decimal.ts";
import { add, divide, modulo, multiply, power, subtract } from "../arithmetic/operations.ts";
import { callFunction, constantNamed } from "./functions.ts";
import { type Node, parse, syntaxError } from "./parse.ts";

const BINARY = new Map([
  ["+", add],
  ["-", subtract],
  ["*", multiply],
  ["/", divide],
  ["%", modulo],
  ["^", power],
  ["**", power],
]);

type Variables = Readonly<Record<string, number>>;

/** The value of an arithmetic expression. Throws a ToolError that says what is wrong and where. */
export function evaluate(expression: string, variables: Variables = {}): Value {
  return toValue(compute(parse(expression), variables), `"${expression}"`);
}

function compute(node: Node, variables: Variables): Exact {
  switch (node.type) {
    case "Literal":
      return literal(node as Literal);
    case "Identifier":
      return named((node as Identifier).name, variables);
    case "UnaryExpression":
      return signed(node as UnaryExpression, variables);
    case "BinaryExpression":
      return binary(node as BinaryExpression, variables);
    case "CallExpression":
      return called(node as CallExpression, variables);
    case "Compound":
      throw syntaxError(
        "The expression is not one value: an operator is missing. Write 2 * x, not 2 x.",
      );
    default:
      throw syntaxError(
        "The expression has something that is not arithmetic. Use numbers, + - * / % ^, parentheses and functions.",
      );
  }
}

function literal({ value, raw }: Literal): Exact {
  if (typeof value === "number") return new Exact(raw);
  throw syntaxError(`${raw} is not a number.`);
}

function named(name: string, variables: Variables): Exact {
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value !== undefined) return new Exact(value);
  const constant = constantNamed(name);
  if (constant) return constant;
  throw new ToolError(
    "VALIDATION_ERROR",
    `"${name}" has no value. Give it in variables; pi, tau and e are known.`,
    {
      details: { reason: "unknown_name", name },
    },
  );
}

function signed({ operator, argument }: UnaryExpression, variables: Variables): Exact {
  const value = compute(argument, variables);
  return operator === "-" ? value.neg() : value;
}

function binary({ operator, left, right }: BinaryExpression, variables: Variables): Exact {
  const apply = BINARY.get(operator);
  if (!apply) throw syntaxError(`There is no operator ${operator}.`);
  const base = left as Node & Partial<UnaryExpression>;
  // a power binds closer than a sign: -2^2 is -(2^2)
  if (apply === power && base.type === "UnaryExpression" && !base.parenthesized && base.argument) {
    const value = binary(
      { type: "BinaryExpression", operator, left: base.argument, right },
      variables,
    );
    return base.operator === "-" ? value.neg() : value;
  }
  const a = compute(left, variables);
  const b = compute(right, variables);
  return apply(a, b, `${a} ${operator} ${b}`);
}

function called({ callee, arguments: args }: CallExpression, variables: Variables): Exact {
  if (callee.type !== "Identifier")
    throw syntaxError("Only a function can be called, such as sqrt(2).");
  return callFunction(
    (callee as Identifier).name,
    args.map((argument) => compute(argument, variables)),
  );
}
