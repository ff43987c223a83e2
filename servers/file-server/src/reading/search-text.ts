import { decodeCursor, encodeCursor } from "#shared/data/cursor.ts";
import { toGlob } from "../glob/to-glob.ts";
import { packedText, packText } from "../listing/position.ts";
import { printableName } from "../sandbox/path-rules.ts";
import { shownPath } from "../sandbox/place.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { ignoreAt } from "../search/ignore-files.ts";
import { lineMatchers } from "../search/line-matcher.ts";
import { SearchBudget } from "../search/search-budget.ts";
import { TextSearch } from "../search/text-search.ts";
import type { Job } from "./job.ts";

interface Input {
  path: string;
  pattern: string;
  regex?: boolean | undefined;
  ignore_case?: boolean | undefined;
  glob: string;
  context: number;
  max_results: number;
  include_hidden?: boolean | undefined;
  no_ignore?: boolean | undefined;
  cursor?: string | undefined;
}

/** Behind which entry, and how many lines of the next file are done. */
const position = {
  parse: (value: unknown) => {
    const [after, lines] = Array.isArray(value) ? value : [];
    if (!Number.isSafeInteger(lines) || lines < 0) throw new TypeError("no number of lines");
    return { after: packedText.parse(after), lines: Number(lines) };
  },
};
const START = { after: "", lines: 0 };

export async function searchText(
  sandbox: Sandbox,
  { path, cursor, ...input }: Input,
  { signal, progress }: Job,
) {
  const { pattern, regex: isRegex = false, ignore_case: ignoreCase = false, context } = input;
  const matcherFor = lineMatchers({ pattern, isRegex, ignoreCase });
  const glob = toGlob(input.glob);
  return sandbox.withDirectory(path, async ({ path: shown, place, node, deny }) => {
    const { max_results: _, ...query } = input;
    const scope = { kind: "search_text", query: { shown, ...query } };
    const { after, lines } = cursor === undefined ? START : decodeCursor(cursor, scope, position);
    const search = new TextSearch({
      matcherFor,
      glob,
      budget: new SearchBudget({
        matches: input.max_results,
        onProgress: (visited, found) => progress(visited, undefined, `${found} found`),
      }),
      context,
      includeHidden: input.include_hidden === true,
      ignore: input.no_ignore ? undefined : await ignoreAt(sandbox, place, signal),
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
}
