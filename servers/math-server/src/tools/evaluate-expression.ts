import * as z from "zod";
import { defineTool } from "#shared/core/definition.ts";
import { pure } from "./arithmetic.ts";

/** Longest expression, in characters. */
export const MAX_EXPRESSION_LENGTH = 1_000;

/** Who adds two numbers needs no parser. */
export const loadEvaluate = async () => (await import("../expression/evaluate.ts")).evaluate;

export const expression = () =>
  z
    .string()
    .min(1)
    .max(MAX_EXPRESSION_LENGTH)
    .describe(
      'Arithmetic such as "2 * (3 + x)^2 / sqrt(2)": + - * / % ^, parentheses, functions, pi, tau, e',
    );

export const MAX_VARIABLES = 50;

export const variables = () =>
  z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/), z.number())
    .refine(
      (given) => Object.keys(given).length <= MAX_VARIABLES,
      `expected at most ${MAX_VARIABLES} variables`,
    )
    .meta({ maxProperties: MAX_VARIABLES })
    .optional()
    .describe("Values of the names in the expression");

export const evaluateExpression = defineTool({
  name: "evaluate_expression",
  title: "Evaluate an expression",
  description:
    "Evaluate an arithmetic expression exactly to 40 digits. Functions: sqrt cbrt abs floor ceil trunc round exp ln log10 log2 log(x, base) sin cos tan asin acos atan atan2 degrees radians factorial min max sum mean hypot. Angles are in radians.",
  inputSchema: () => z.object({ expression: expression(), variables: variables() }),
  outputSchema: () =>
    z.object({
      value: z.number().describe("The result as a number"),
      decimal: z.string().describe("The result in up to 40 significant digits"),
    }),
  annotations: pure,
  handler: async (input) => (await loadEvaluate())(input.expression, input.variables),
});
