import * as z from "zod";
import { decodeCursor, encodeCursor } from "#shared/data/cursor.ts";
import { defineTool } from "../define-tool.ts";
import { compileGlob, type Glob, MAX_PATTERN_CHARS, PatternError } from "../glob/glob.ts";
import { ENTRY_TYPES, entryFields } from "../listing/entry.ts";
import { packedText, packText } from "../listing/position.ts";
import { shownPath } from "../sandbox/place.ts";
import { refuse } from "../sandbox/refuse.ts";
import { SearchBudget } from "../search/search-budget.ts";
import { TreeSearch } from "../search/walk-tree.ts";
import { countOutput, cursorInput, nextCursorOutput, pathInput } from "./fields.ts";

export const DEFAULT_MAX_RESULTS = 200;
export const MAX_RESULTS = 1_000;

const inputSchema = z.object({
  path: pathInput.default(".").describe("Directory"),
  pattern: z
    .string()
    .min(1)
    .max(MAX_PATTERN_CHARS)
    .describe("Glob on paths below it: * ? [a-z] {a,b} **; without a slash, names at any depth"),
  type: z
    .enum(["any", ...ENTRY_TYPES])
    .default("any")
    .describe("Kind to find"),
  max_results: z
    .int()
    .min(1)
    .max(MAX_RESULTS)
    .default(DEFAULT_MAX_RESULTS)
    .describe("Matches on a page"),
  include_hidden: z.boolean().default(false).describe("Also dot names"),
  cursor: cursorInput,
});

const outputSchema = z.object({
  path: z.string().describe("Directory, links resolved"),
  matches: z
    .array(z.object({ path: z.string().describe("Path"), ...entryFields }))
    .max(MAX_RESULTS)
    .describe("This page"),
  skipped: countOutput.describe("Folders not searched whole"),
  complete: z.boolean().describe("Nothing is left to search"),
  next_cursor: nextCursorOutput,
});

const positionSchema = packedText.transform((path) => path.split("/"));

export const searchFiles = defineTool({
  name: "search_files",
  title: "Search files by name",
  description:
    "Find files and folders by name below a directory. Looks into no file and follows no link.",
  inputSchema,
  outputSchema,
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  async handler({ path, cursor, ...input }, context) {
    const glob = toGlob(input.pattern);
    const sandbox = await context.services.get("sandbox");
    return sandbox.withDirectory(path, async ({ path: shown, place, node, deny }) => {
      const query = [shown, input.pattern, input.type, input.include_hidden];
      const scope = { kind: "search_files", query };
      const budget = new SearchBudget({
        matches: input.max_results,
        onProgress: (visited, matches) => context.progress(visited, undefined, `${matches} found`),
      });
      const options = {
        glob,
        type: input.type,
        includeHidden: input.include_hidden,
        after: cursor === undefined ? undefined : decodeCursor(cursor, scope, positionSchema),
        budget,
        signal: context.signal,
      };
      const search = new TreeSearch(options, (names) =>
        shownPath({ root: place.root, parts: [...place.parts, ...names] }),
      );
      const { matches, skipped, stoppedAt } = await search.run(node, deny);
      return {
        path: shown,
        matches,
        skipped,
        complete: stoppedAt === undefined,
        ...(stoppedAt && { next_cursor: encodeCursor(scope, packText(stoppedAt.join("/"))) }),
      };
    });
  },
});

export function toGlob(pattern: string): Glob {
  try {
    return compileGlob(pattern);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw refuse("invalid_pattern", { because: error.message.replace(/\.$/, "") });
  }
}
