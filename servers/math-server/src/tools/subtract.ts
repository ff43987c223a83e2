import * as z from "zod";
import { defineTool } from "#shared/core/definition.ts";
import { calculate, subtract as operation } from "../arithmetic/operations.ts";
import { decimal, operand, pure } from "./arithmetic.ts";

export const subtract = defineTool({
  name: "subtract",
  title: "Subtract two numbers",
  description: "Subtract the second number from the first.",
  inputSchema: () =>
    z.object({
      a: operand("Number to subtract from"),
      b: operand("Number to subtract"),
    }),
  outputSchema: () =>
    z.object({ difference: z.number().describe("a minus b"), decimal: decimal() }),
  annotations: pure,
  handler: ({ a, b }) => {
    const { value, decimal } = calculate(operation, "-", a, b);
    return { difference: value, decimal };
  },
});
