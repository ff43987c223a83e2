import * as z from "zod";
import { defineTool } from "../define-tool.ts";
import { deletePath as remove } from "../write/move-delete.ts";
import { pathInput } from "./fields.ts";
import { resultSchema } from "./result.ts";
import { WRITES } from "./write-fields.ts";

export const deletePath = defineTool({
  ...WRITES,
  name: "delete_path",
  title: "Delete",
  description: "Move a file or directory to the trash; undo_changes brings it back.",
  inputSchema: z.object({
    path: pathInput.describe("What to delete"),
    recursive: z.boolean().optional().describe("Also a full directory"),
  }),
  outputSchema: resultSchema({
    path: z.string(),
    type: z.string(),
  }),
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: false,
  },
  async handler({ path, recursive = false }, { services, signal }) {
    return remove(await services.get("workshop"), path, { recursive, signal });
  },
});
