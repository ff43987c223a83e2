import * as z from "zod";
import { defineTool } from "#shared/core/definition.ts";
import { calculate, multiply as operation } from "../arithmetic/operations.ts";
import { decimal, operand, pure } from "./arithmetic.ts";

export const multiply = defineTool({
  name: "multiply",
  title: "Multiply two numbers",
  description: "Multiply two numbers and return their product.",
  inputSchema: () => z.object({ a: operand("First factor"), b: operand("Second factor") }),
  outputSchema: () => z.object({ product: z.number().describe("a times b"), decimal: decimal() }),
  annotations: pure,
  handler: ({ a, b }) => {
    const { value, decimal } = calculate(operation, "*", a, b);
    return { product: value, decimal };
  },
});
