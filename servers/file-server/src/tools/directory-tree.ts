import * as z from "zod";
import { defineTool } from "../define-tool.ts";
import { TreeDrawing } from "../listing/tree.ts";
import { countOutput, pathInput } from "./fields.ts";

export const MAX_TREE_LEVELS = 50;
export const MAX_TREE_LINES = 5_000;

export const directoryTree = defineTool({
  name: "directory_tree",
  title: "Draw a directory tree",
  description: "Draw what is below a directory, as indented lines; / marks folders, @ links.",
  inputSchema: z.object({
    path: pathInput.default(".").describe("Directory"),
    depth: z.int().min(1).max(MAX_TREE_LEVELS).default(4).describe("Levels"),
    max_entries: z.int().min(1).max(MAX_TREE_LINES).default(500).describe("Most lines"),
    include_hidden: z.boolean().default(false).describe("Also dot names"),
  }),
  outputSchema: z.object({
    path: z.string().describe("Directory, links resolved"),
    tree: z.string().describe("The drawing"),
    entries: countOutput.describe("Drawn"),
    truncated: z.boolean().describe("Something is left out"),
  }),
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  async handler({ path, depth, max_entries: maxEntries, include_hidden }, { services, signal }) {
    const sandbox = await services.get("sandbox");
    return sandbox.withDirectory(path, async ({ path: shown, node, deny }) => {
      const options = { depth, maxEntries, includeHidden: include_hidden, signal };
      const drawing = new TreeDrawing(options);
      await drawing.draw(node, deny);
      const { lines, entries, isCut } = drawing;
      return { path: shown, tree: lines.join("\n"), entries, truncated: isCut };
    });
  },
});
