import * as z from "zod";
import { defineTool } from "../define-tool.ts";
import { entrySchema } from "../listing/entry.ts";
import { listPage, SORTS } from "../listing/list-page.ts";
import { countOutput, cursorInput, nextCursorOutput, pathInput } from "./fields.ts";

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
  sort: z.enum(SORTS).default("name").describe("size: largest first; modified: newest first"),
  include_hidden: z.boolean().default(false).describe("Also dot names"),
});

const outputSchema = z.object({
  path: z.string().describe("Directory, links resolved"),
  entries: z.array(entrySchema).max(MAX_LIST_LIMIT).describe("This page"),
  total: countOutput.describe("On all pages"),
  hidden: countOutput.describe("Dot names left out"),
  denied: countOutput.describe("Denied names left out"),
  truncated: z.boolean().describe("Too large to list"),
  next_cursor: nextCursorOutput,
});

export const listDirectory = defineTool({
  name: "list_directory",
  title: "List a directory",
  description: "List the files and folders in a directory, page by page.",
  inputSchema,
  outputSchema,
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  async handler({ path, cursor, limit, sort, include_hidden: includeHidden }, context) {
    const { signal } = context;
    const sandbox = await context.services.get("sandbox");
    return sandbox.withDirectory(path, async (directory) => {
      const options = { sort, limit, cursor, includeHidden, signal };
      const { isCut, nextCursor, ...page } = await listPage(directory, options);
      return {
        path: directory.path,
        ...page,
        truncated: isCut,
        ...(nextCursor !== undefined && { next_cursor: nextCursor }),
      };
    });
  },
});
