import * as z from "zod";
import { listArchive as list } from "../archive/list.ts";
import { defineTool } from "../define-tool.ts";
import { countOutput, cursorInput, nextCursorOutput, pathInput } from "./fields.ts";
import { resultSchema } from "./result.ts";

export const MAX_LISTED = 1_000;

export const listArchive = defineTool({
  name: "list_archive",
  title: "List an archive",
  description: "Tell what a zip holds, page by page, without unpacking it.",
  inputSchema: z.object({ path: pathInput.describe("Archive"), cursor: cursorInput }),
  outputSchema: resultSchema({
    path: z.string(),
    entries: z
      .array(
        resultSchema({
          path: z.string(),
          type: z.enum(["file", "directory"]),
          size: countOutput,
          packed: countOutput,
          modified: z.string(),
        }),
      )
      .max(MAX_LISTED),
    total: countOutput,
    denied: countOutput,
    next_cursor: nextCursorOutput,
  }),
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  async handler({ path, cursor }, { services, signal }) {
    return list(await services.get("sandbox"), path, { cursor, signal, most: MAX_LISTED });
  },
});
