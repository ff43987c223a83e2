import * as z from "zod";
import { defineTool } from "../define-tool.ts";
import { refuse } from "../sandbox/refuse.ts";
import { rootUnavailable } from "../sandbox/roots.ts";
import { type Undone, undoLast } from "../write/undo.ts";
import type { Workshop } from "../write/workshop.ts";
import { resultSchema } from "./result.ts";
import { WRITES } from "./write-fields.ts";

export const MAX_UNDO = 50;

export const undoChanges = defineTool({
  ...WRITES,
  name: "undo_changes",
  title: "Undo the last changes",
  description: "Take back the last changes made by these tools, newest first.",
  inputSchema: z.object({
    count: z.int().min(1).max(MAX_UNDO).default(1).describe("How many"),
  }),
  outputSchema: resultSchema({
    undone: z
      .array(resultSchema({ operation: z.string(), path: z.string() }))
      .max(MAX_UNDO)
      .describe("operation and path, newest first"),
    stopped: z.string().optional(),
  }),
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: false,
  },
  async handler({ count }, { services, signal }) {
    const shop = await services.get("workshop");
    const undone: Undone[] = [];
    while (undone.length < count) {
      signal.throwIfAborted();
      try {
        const one = await undoLast(shop, signal);
        if (!one) throw await nothingLeft(shop);
        undone.push(one);
      } catch (error) {
        // what was taken back is told, and why it ended there
        if (undone.length === 0 || !(error instanceof Error)) throw error;
        return { undone, stopped: error.message };
      }
    }
    return { undone };
  },
});

/** A folder that is away may hold changes. */
async function nothingLeft({ sandbox }: Workshop): Promise<Error> {
  const away = (await sandbox.listRoots()).find(({ root }) => root === undefined);
  return away ? rootUnavailable(away.given) : refuse("nothing_to_undo");
}
