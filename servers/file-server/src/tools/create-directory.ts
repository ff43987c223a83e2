import * as z from "zod";
import { defineTool } from "../define-tool.ts";
import { makeDirectory } from "../write/make-directory.ts";
import { pathInput } from "./fields.ts";
import { resultSchema } from "./result.ts";
import { WRITES } from "./write-fields.ts";

export const createDirectory = defineTool({
  ...WRITES,
  name: "create_directory",
  title: "Create a directory",
  description: "Make a directory and missing parents.",
  inputSchema: z.object({ path: pathInput.describe("Directory") }),
  outputSchema: resultSchema({
    path: z.string(),
    created: z.boolean(),
  }),
  annotations: {
    readOnlyHint: false,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  },
  async handler({ path }, { services, signal }) {
    return makeDirectory(await services.get("workshop"), path, signal);
  },
});
