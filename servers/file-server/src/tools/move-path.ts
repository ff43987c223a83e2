import * as z from "zod";
import { defineTool } from "../define-tool.ts";
import { movePath as move } from "../write/move-delete.ts";
import { pathInput } from "./fields.ts";
import { WRITES } from "./write-fields.ts";

export const movePath = defineTool({
  ...WRITES,
  name: "move_path",
  title: "Move or rename",
  description: "Move or rename a file or directory. The destination is its whole new path.",
  inputSchema: z.object({
    source: pathInput.describe("From"),
    destination: pathInput.describe("To"),
    overwrite: z.boolean().default(false).describe("Replace a file"),
  }),
  outputSchema: z.object({
    path: z.string().describe("New path"),
    from: z.string().describe("Old path"),
    overwritten: z.boolean().describe("A file was replaced"),
  }),
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: false,
  },
  async handler({ source, destination, overwrite }, { services, signal }) {
    return move(await services.get("workshop"), source, destination, { overwrite, signal });
  },
});
