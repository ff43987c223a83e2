import * as z from "zod";
import { MAX_LIST_ITEMS } from "../config.ts";
import { defineTool } from "../define-tool.ts";

export const listRoots = defineTool({
  name: "list_roots",
  title: "List the allowed folders",
  description: "Tell which folders this server may use, and whether it may write.",
  inputSchema: z.object({}),
  outputSchema: z.object({
    roots: z
      .array(
        z.object({
          path: z.string().describe("Absolute"),
          available: z.boolean().describe("It can be opened"),
        }),
      )
      .max(MAX_LIST_ITEMS)
      .describe("Relative paths belong to the first"),
    writable: z.boolean().describe("Tools that write are on"),
  }),
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  async handler(_, { config, services }) {
    const sandbox = await services.get("sandbox");
    const roots = await sandbox.listRoots();
    return {
      roots: roots.map(({ given, root }) => ({ path: given, available: root !== undefined })),
      writable: config.ALLOW_WRITE && !config.READ_ONLY && config.ALLOWED_ROOTS !== undefined,
    };
  },
});
