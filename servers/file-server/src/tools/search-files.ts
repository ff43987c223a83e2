import * as z from "zod";
import { defineTool } from "../define-tool.ts";
import { MAX_PATTERN_CHARS } from "../glob/glob.ts";
import { ENTRY_TYPES, entryFields } from "./entry-fields.ts";
import { countOutput, cursorInput, nextCursorOutput, noIgnoreInput, pathInput } from "./fields.ts";
import { resultSchema } from "./result.ts";

export const DEFAULT_MAX_RESULTS = 200;
export const MAX_RESULTS = 1_000;
/** With all parts of it, and a zone. */
const MAX_TIME_CHARS = 35;

const sizeInput = z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional().describe("Bytes");
const timeInput = z.string().max(MAX_TIME_CHARS).optional().describe("ISO time");

const inputSchema = z.object({
  path: pathInput.default(".").describe("Directory"),
  pattern: z
    .string()
    .min(1)
    .max(MAX_PATTERN_CHARS)
    .describe("Glob: * ? [a-z] {a,b} **; without a slash, at any depth"),
  type: z
    .enum(["any", ...ENTRY_TYPES])
    .default("any")
    .describe("Kind to find"),
  max_results: z
    .int()
    .min(1)
    .max(MAX_RESULTS)
    .default(DEFAULT_MAX_RESULTS)
    .describe("Matches on a page"),
  include_hidden: z.boolean().optional().describe("Also dot names"),
  no_ignore: noIgnoreInput,
  min_size: sizeInput,
  max_size: sizeInput,
  modified_after: timeInput,
  modified_before: timeInput,
  cursor: cursorInput,
});

const outputSchema = resultSchema({
  path: z.string(),
  matches: z
    .array(resultSchema({ path: z.string(), ...entryFields }))
    .max(MAX_RESULTS)
    .describe("path, type, size, modified"),
  skipped: countOutput,
  complete: z.boolean(),
  next_cursor: nextCursorOutput,
});

export const searchFiles = defineTool({
  name: "search_files",
  title: "Find files",
  description: "Find files and folders below a directory by name, size and date.",
  inputSchema,
  outputSchema,
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  async handler(input, { services, signal, progress }) {
    return (await services.get("reader")).run("search_files", input, { signal, progress });
  },
});
