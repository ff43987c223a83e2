import { setImmediate } from "node:timers/promises";
import * as z from "zod";
import { defineTool } from "#shared/core/definition.ts";
import { ERROR_CODES } from "#shared/core/errors.ts";
import { batch, MAX_CONCURRENCY } from "#shared/data/batch.ts";
import { pure } from "./arithmetic.ts";
import { expression, loadEvaluate, variables } from "./evaluate-expression.ts";

export const MAX_BATCH = 500;

const failure = () =>
  z.object({
    code: z.enum(ERROR_CODES).describe("Kind of failure"),
    message: z.string().describe("What is wrong with this expression"),
  });

export const evaluateBatch = defineTool({
  name: "evaluate_batch",
  title: "Evaluate many expressions",
  description:
    "Evaluate up to 500 expressions; each has its own result, and one that fails stops no other.",
  inputSchema: () =>
    z.object({
      items: z
        .array(z.object({ expression: expression(), variables: variables() }))
        .min(1)
        .max(MAX_BATCH)
        .describe("The expressions, each with its own variables"),
      concurrency: z
        .int()
        .min(1)
        .max(MAX_CONCURRENCY)
        .default(8)
        .describe("How many are worked on at a time"),
    }),
  outputSchema: () =>
    z.object({
      succeeded: z.int().describe("How many have a value"),
      failed: z.int().describe("How many have an error"),
      results: z
        .array(
          z.object({
            index: z.int().describe("Position in items"),
            value: z.number().optional().describe("The result as a number"),
            decimal: z.string().optional().describe("The result in up to 40 significant digits"),
            error: failure().optional().describe("Why there is no value"),
          }),
        )
        .describe("One result an item, in the order of items"),
    }),
  annotations: pure,
  async handler({ items, concurrency }, context) {
    const evaluate = await loadEvaluate();
    const evaluated = await batch(
      items,
      async (item) => {
        await setImmediate(); // a batch is long enough for other calls to wait on it
        return evaluate(item.expression, item.variables);
      },
      { concurrency, signal: context.signal, onProgress: context.progress },
    );
    const results = evaluated.map((one) => {
      if (one.ok) return { index: one.index, ...one.value };
      const { code, message } = one.error;
      return { index: one.index, error: { code, message } };
    });
    const succeeded = evaluated.filter(({ ok }) => ok).length;
    return { succeeded, failed: results.length - succeeded, results };
  },
});
