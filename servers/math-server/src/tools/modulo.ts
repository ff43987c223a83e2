import * as z from "zod";
import { defineTool } from "#shared/core/definition.ts";
import { calculate, modulo as operation } from "../arithmetic/operations.ts";
import { decimal, operand, pure } from "./arithmetic.ts";

export const modulo = defineTool({
  name: "modulo",
  title: "Remainder of a division",
  description:
    "Remainder of the first number divided by the second, with the sign of the divisor: -7 modulo 3 is 2.",
  inputSchema: () => z.object({ a: operand("Dividend"), b: operand("Divisor, not 0") }),
  outputSchema: () =>
    z.object({ remainder: z.number().describe("a modulo b"), decimal: decimal() }),
  annotations: pure,
  handler: ({ a, b }) => {
    const { value, decimal } = calculate(operation, "mod", a, b);
    return { remainder: value, decimal };
  },
});
