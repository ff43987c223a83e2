import * as z from "zod";
import { defineTool } from "#shared/core/definition.ts";
import { summarize } from "../arithmetic/statistics.ts";
import { pure } from "./arithmetic.ts";

export const MAX_NUMBERS = 10_000;

export const summarizeNumbers = defineTool({
  name: "summarize_numbers",
  title: "Summarize numbers",
  description:
    "Count, sum, mean, median, quartiles, range and sample deviation of a list of numbers.",
  inputSchema: () =>
    z.object({
      numbers: z.array(z.number()).min(1).max(MAX_NUMBERS).describe("The numbers, in any order"),
    }),
  outputSchema: () =>
    z.object({
      count: z.int().describe("How many numbers"),
      sum: z.number().describe("Their sum"),
      mean: z.number().describe("Their arithmetic mean"),
      median: z.number().describe("The middle value"),
      min: z.number().describe("The least"),
      max: z.number().describe("The largest"),
      range: z.number().describe("The largest minus the least"),
      firstQuartile: z.number().describe("25th percentile, by linear interpolation"),
      thirdQuartile: z.number().describe("75th percentile, by linear interpolation"),
      variance: z
        .number()
        .optional()
        .describe("Variance of a sample (n - 1); absent for one number"),
      standardDeviation: z
        .number()
        .optional()
        .describe("Square root of the variance; absent for one number"),
    }),
  annotations: pure,
  handler: ({ numbers }) => summarize(numbers),
});
