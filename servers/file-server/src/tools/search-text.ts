import * as z from "zod";
import { defineTool } from "../define-tool.ts";
import { MAX_PATTERN_CHARS } from "../glob/glob.ts";
import { MAX_SEARCH_CHARS } from "../search/line-matcher.ts";
import { countOutput, cursorInput, nextCursorOutput, noIgnoreInput, pathInput } from "./fields.ts";
import { resultSchema } from "./result.ts";

export const MAX_TEXT_RESULTS = 1_000;
export const MAX_CONTEXT_LINES = 10;

const inputSchema = z.object({
  path: pathInput.default(".").describe("Directory"),
  pattern: z.string().min(1).max(MAX_SEARCH_CHARS).describe("Text in one line"),
  regex: z.boolean().optional().describe("pattern is a regular expression"),
  ignore_case: z.boolean().optional().describe("A is a"),
  glob: z.string().min(1).max(MAX_PATTERN_CHARS).default("*").describe("Files to search"),
  context: z.int().min(0).max(MAX_CONTEXT_LINES).default(0).describe("Lines around"),
  max_results: z.int().min(1).max(MAX_TEXT_RESULTS).default(100).describe("Lines on a page"),
  include_hidden: z.boolean().optional().describe("Also dot names"),
  no_ignore: noIgnoreInput,
  cursor: cursorInput,
});

const around = z.array(z.string()).max(MAX_CONTEXT_LINES);

const outputSchema = resultSchema({
  matches: z
    .array(
      resultSchema({
        path: z.string(),
        line: countOutput,
        column: countOutput,
        text: z.string(),
        before: around.optional(),
        after: around.optional(),
      }),
    )
    .max(MAX_TEXT_RESULTS)
    .describe("path, line, column, text, before, after"),
  files: countOutput,
  skipped: countOutput,
  complete: z.boolean(),
  next_cursor: nextCursorOutput,
});

export const searchText = defineTool({
  name: "search_text",
  title: "Search in files",
  description: "Find lines in the text files below a directory, like grep -rn.",
  inputSchema,
  outputSchema,
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  async handler(input, { services, signal, progress }) {
    return (await services.get("reader")).run("search_text", input, { signal, progress });
  },
});
