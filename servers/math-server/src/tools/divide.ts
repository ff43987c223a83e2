import * as z from "zod";
import { defineTool } from "#shared/core/definition.ts";
import { calculate, divide as operation } from "../arithmetic/operations.ts";
import { decimal, operand, pure } from "./arithmetic.ts";

export const divide = defineTool({
  name: "divide",
  title: "Divide two numbers",
  description: "Divide the first number by the second.",
  inputSchema: () => z.object({ a: operand("Dividend"), b: operand("Divisor, not 0") }),
  outputSchema: () =>
    z.object({ quotient: z.number().describe("a divided by b"), decimal: decimal() }),
  annotations: pure,
  handler: ({ a, b }) => {
    const { value, decimal } = calculate(operation, "/", a, b);
    return { quotient: value, decimal };
  },
});
