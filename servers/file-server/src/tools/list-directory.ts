import * as z from "zod";
import { defineTool } from "../define-tool.ts";
import { SORTS } from "../listing/list-page.ts";
import { entryFields } from "./entry-fields.ts";
import { countOutput, cursorInput, nextCursorOutput, pathInput } from "./fields.ts";
import { resultSchema } from "./result.ts";

export const DEFAULT_LIST_LIMIT = 200;
export const MAX_LIST_LIMIT = 1_000;

const inputSchema = z.object({
  path: pathInput.default(".").describe("Directory"),
  cursor: cursorInput,
  limit: z
    .int()
    .min(1)
    .max(MAX_LIST_LIMIT)
    .default(DEFAULT_LIST_LIMIT)
    .describe("Entries on a page"),
  sort: z.enum(SORTS).default("name").describe("Largest or newest first"),
  include_hidden: z.boolean().optional().describe("Also dot names"),
  details: z.boolean().default(true).describe("Size and time; false: names"),
});

const outputSchema = resultSchema({
  path: z.string(),
  entries: z
    .array(z.union([z.string(), resultSchema({ name: z.string(), ...entryFields })]))
    .max(MAX_LIST_LIMIT)
    .describe("name, type, size, modified; or a name, a folder's with /"),
  total: countOutput,
  hidden: countOutput,
  denied: countOutput,
  truncated: z.boolean(),
  next_cursor: nextCursorOutput,
});

export const listDirectory = defineTool({
  name: "list_directory",
  title: "List a directory",
  description: "List a directory, page by page.",
  inputSchema,
  outputSchema,
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  async handler(input, { services, signal, progress }) {
    return (await services.get("reader")).run("list_directory", input, { signal, progress });
  },
});
