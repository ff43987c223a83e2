import { decodeCursor, encodeCursor } from "#shared/data/cursor.ts";
import { toGlob } from "../glob/to-glob.ts";
import type { EntryType } from "../listing/describe-entry.ts";
import { packedText, packText } from "../listing/position.ts";
import { shownPath } from "../sandbox/place.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { entryFilter, type FilterInput } from "../search/entry-filter.ts";
import { ignoreAt } from "../search/ignore-files.ts";
import { SearchBudget } from "../search/search-budget.ts";
import { TreeSearch } from "../search/walk-tree.ts";
import type { Job } from "./job.ts";

interface Input extends FilterInput {
  path: string;
  pattern: string;
  type: EntryType | "any";
  max_results: number;
  include_hidden?: boolean | undefined;
  no_ignore?: boolean | undefined;
  cursor?: string | undefined;
}

const position = { parse: (value: unknown) => packedText.parse(value).split("/") };

export async function searchFiles(
  sandbox: Sandbox,
  { path, cursor, ...input }: Input,
  { signal, progress }: Job,
) {
  const glob = toGlob(input.pattern);
  const fits = entryFilter(input);
  return sandbox.withDirectory(path, async ({ path: shown, place, node, deny }) => {
    const { max_results: _, ...query } = input;
    const scope = { kind: "search_files", query: { shown, ...query } };
    const budget = new SearchBudget({
      matches: input.max_results,
      onProgress: (visited, matches) => progress(visited, undefined, `${matches} found`),
    });
    const options = {
      glob,
      type: input.type,
      includeHidden: input.include_hidden === true,
      ignore: input.no_ignore ? undefined : await ignoreAt(sandbox, place, signal),
      fits,
      after: cursor === undefined ? undefined : decodeCursor(cursor, scope, position),
      budget,
      signal,
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
}
