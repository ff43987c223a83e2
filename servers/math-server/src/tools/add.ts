import * as z from "zod";
import { defineTool } from "#shared/core/definition.ts";
import { calculate, add as operation } from "../arithmetic/operations.ts";
import { decimal, operand, pure } from "./arithmetic.ts";

export const add = defineTool({
  name: "add",
  title: "Add two numbers",
  description: "Add two numbers and return their sum.",
  inputSchema: () => z.object({ a: operand("First addend"), b: operand("Second addend") }),
  outputSchema: () => z.object({ sum: z.number().describe("Sum of a and b"), decimal: decimal() }),
  annotations: pure,
  handler: ({ a, b }) => {
    const { value, decimal } = calculate(operation, "+", a, b);
    return { sum: value, decimal };
  },
});
