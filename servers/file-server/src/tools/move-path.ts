import * as z from "zod";
import { defineTool } from "../define-tool.ts";
import { movePath as move } from "../write/move-delete.ts";
import { pathInput } from "./fields.ts";
import { resultSchema } from "./result.ts";
import { WRITES } from "./write-fields.ts";

export const movePath = defineTool({
  ...WRITES,
  name: "move_path",
  title: "Move or rename",
  description: "Move or rename; destination is the whole new path.",
  inputSchema: z.object({
    source: pathInput.describe("From"),
    destination: pathInput.describe("To"),
    overwrite: z.boolean().optional().describe("Replace a file"),
  }),
  outputSchema: resultSchema({
    path: z.string(),
    from: z.string(),
    overwritten: z.boolean(),
  }),
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: false,
  },
  async handler({ source, destination, overwrite = false }, { services, signal }) {
    return move(await services.get("workshop"), source, destination, { overwrite, signal });
  },
});
