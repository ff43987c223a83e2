import * as z from "zod";
import { defineTool } from "#shared/core/definition.ts";
import { calculate, power as operation } from "../arithmetic/operations.ts";
import { decimal, operand, pure } from "./arithmetic.ts";

export const power = defineTool({
  name: "power",
  title: "Raise to a power",
  description: "Raise the first number to the power of the second.",
  inputSchema: () => z.object({ a: operand("Base"), b: operand("Exponent") }),
  outputSchema: () =>
    z.object({ power: z.number().describe("a to the power of b"), decimal: decimal() }),
  annotations: pure,
  handler: ({ a, b }) => {
    const { value, decimal } = calculate(operation, "^", a, b);
    return { power: value, decimal };
  },
});
