import * as z from "zod";
import { defineTool } from "../define-tool.ts";
import { countOutput, pathInput } from "./fields.ts";
import { resultSchema } from "./result.ts";

export const MAX_TREE_LEVELS = 50;
export const MAX_TREE_LINES = 5_000;

export const directoryTree = defineTool({
  name: "directory_tree",
  title: "Draw a directory tree",
  description: "Draw what is below a directory, indented; / marks folders, @ links.",
  inputSchema: z.object({
    path: pathInput.default(".").describe("Directory"),
    depth: z.int().min(1).max(MAX_TREE_LEVELS).default(4).describe("Levels"),
    max_entries: z.int().min(1).max(MAX_TREE_LINES).default(500).describe("Most lines"),
    include_hidden: z.boolean().optional().describe("Also dot names"),
  }),
  outputSchema: resultSchema({
    path: z.string(),
    tree: z.string(),
    entries: countOutput,
    truncated: z.boolean(),
  }),
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  async handler(input, { services, signal, progress }) {
    return (await services.get("reader")).run("directory_tree", input, { signal, progress });
  },
});
