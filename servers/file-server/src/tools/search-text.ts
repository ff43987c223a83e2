import * as z from "zod";
import { decodeCursor, encodeCursor } from "#shared/data/cursor.ts";
import { defineTool } from "../define-tool.ts";
import { MAX_PATTERN_CHARS } from "../glob/glob.ts";
import { packedText, packText } from "../listing/position.ts";
import { printableName } from "../sandbox/path-rules.ts";
import { shownPath } from "../sandbox/place.ts";
import { lineMatcher, MAX_SEARCH_CHARS, needleOf } from "../search/line-matcher.ts";
import { SearchBudget } from "../search/search-budget.ts";
import { TextSearch } from "../search/text-search.ts";
import { countOutput, cursorInput, nextCursorOutput, pathInput } from "./fields.ts";
import { toGlob } from "./search-files.ts";

export const MAX_TEXT_RESULTS = 1_000;
export const MAX_CONTEXT_LINES = 10;

const inputSchema = z.object({
  path: pathInput.default(".").describe("Directory"),
  pattern: z.string().min(1).max(MAX_SEARCH_CHARS).describe("Text in one line"),
  regex: z.boolean().default(false).describe("Pattern is a regular expression"),
  ignore_case: z.boolean().default(false).describe("A is a"),
  glob: z.string().min(1).max(MAX_PATTERN_CHARS).default("*").describe("Files to search"),
  context: z.int().min(0).max(MAX_CONTEXT_LINES).default(0).describe("Lines around"),
  max_results: z.int().min(1).max(MAX_TEXT_RESULTS).default(100).describe("Lines on a page"),
  include_hidden: z.boolean().default(false).describe("Also dot names"),
  cursor: cursorInput,
});

const around = z.array(z.string()).max(MAX_CONTEXT_LINES);

const outputSchema = z.object({
  matches: z
    .array(
      z.object({
        path: z.string().describe("File"),
        line: countOutput.describe("From 1"),
        column: countOutput.describe("From 1"),
        text: z.string().describe("The line"),
        before: around.optional().describe("Context"),
        after: around.optional().describe("Context"),
      }),
    )
    .max(MAX_TEXT_RESULTS)
    .describe("This page"),
  files: countOutput.describe("Searched"),
  skipped: countOutput.describe("Binary, too large or unreadable"),
  complete: z.boolean().describe("Nothing is left to search"),
  next_cursor: nextCursorOutput,
});

/** Behind which entry, and how many lines of the next file are done. */
const positionSchema = z.tuple([packedText, z.number().int().min(0)]);

export const searchText = defineTool({
  name: "search_text",
  title: "Search in files",
  description: "Find lines in the text files below a directory, like grep -rn.",
  inputSchema,
  outputSchema,
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  async handler({ path, cursor, ...input }, { services, signal, progress }) {
    const { pattern, regex: isRegex, ignore_case: ignoreCase } = input;
    const wanted = { pattern, isRegex, ignoreCase };
    const matcher = lineMatcher(wanted);
    const glob = toGlob(input.glob);
    const sandbox = await services.get("sandbox");
    return sandbox.withDirectory(path, async ({ path: shown, place, node, deny }) => {
      const { max_results: _, ...query } = input;
      const scope = { kind: "search_text", query: { shown, ...query } };
      const [after, lines] =
        cursor === undefined ? ["", 0] : decodeCursor(cursor, scope, positionSchema);
      const budget = new SearchBudget({
        matches: input.max_results,
        onProgress: (visited, found) => progress(visited, undefined, `${found} found`),
      });
      const search = new TextSearch({
        matcher,
        needle: needleOf(wanted),
        glob,
        budget,
        context: input.context,
        includeHidden: input.include_hidden,
        after: after === "" ? undefined : after.split("/"),
        lines,
        signal,
        shownAs: (names) =>
          printableName(shownPath({ root: place.root, parts: [...place.parts, ...names] })),
      });
      const { matches, files, skipped, stopped } = await search.run(node, deny);
      const next = stopped && [packText(stopped.after.join("/")), stopped.lines];
      return {
        matches,
        files,
        skipped,
        complete: next === undefined,
        ...(next && { next_cursor: encodeCursor(scope, next) }),
      };
    });
  },
});
