import { defineServer } from "#shared/mcp/define-server.ts";
import manifest from "../package.json" with { type: "json" };
import { add } from "./tools/add.ts";
import { divide } from "./tools/divide.ts";
import { evaluateBatch } from "./tools/evaluate-batch.ts";
import { evaluateExpression } from "./tools/evaluate-expression.ts";
import { modulo } from "./tools/modulo.ts";
import { multiply } from "./tools/multiply.ts";
import { power } from "./tools/power.ts";
import { subtract } from "./tools/subtract.ts";
import { summarizeNumbers } from "./tools/summarize-numbers.ts";

export const server = defineServer({
  manifest,
  instructions:
    "Calculates in decimal with 40 digits. Use evaluate_expression for anything of more than one step, evaluate_batch for many at once.",
  tools: [
    add,
    subtract,
    multiply,
    divide,
    modulo,
    power,
    summarizeNumbers,
    evaluateExpression,
    evaluateBatch,
  ],
});

export default server;
