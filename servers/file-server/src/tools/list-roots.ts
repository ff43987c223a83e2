import * as z from "zod";
import { MAX_LIST_ITEMS } from "../config.ts";
import { defineTool } from "../define-tool.ts";
import { narrowedFolder } from "../sandbox/client-roots.ts";
import { resultSchema } from "./result.ts";

export const listRoots = defineTool({
  name: "list_roots",
  title: "List the allowed folders",
  description: "Tell which folders this server may use, and whether it may write.",
  inputSchema: z.object({}),
  outputSchema: resultSchema({
    roots: z
      .array(resultSchema({ path: z.string(), available: z.boolean() }))
      .max(MAX_LIST_ITEMS)
      .describe("Relative paths belong to the first"),
    writable: z.boolean(),
  }),
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  async handler(_, { config, services }) {
    const sandbox = await services.get("sandbox");
    const { within } = sandbox;
    const found = (await sandbox.listRoots()).flatMap(({ given, root }) => {
      const paths = within && root ? new Set(narrowedFolder(root, within)) : [given];
      return [...paths].map((path) => ({ path, available: root !== undefined }));
    });
    return {
      // a client may name any number
      roots: found.slice(0, MAX_LIST_ITEMS),
      writable: config.ALLOW_WRITE && !config.READ_ONLY && config.ALLOWED_ROOTS !== undefined,
    };
  },
});
