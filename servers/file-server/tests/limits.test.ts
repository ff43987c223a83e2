import { linkSync, writeFileSync } from "node:fs";
import { open, truncate } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MAX_DIFF_LINE_CHARS, unifiedDiff } from "../src/edit/diff.ts";
import { planEdits } from "../src/edit/plan-edits.ts";
import { toUnits } from "../src/edit/units.ts";
import { compileGlob } from "../src/glob/glob.ts";
import { ByteBudget, wireBytes } from "../src/listing/byte-budget.ts";
import { MAX_SORTED_ENTRIES } from "../src/listing/list-page.ts";
import { MAX_DIRECTORY_ENTRIES, readEntries } from "../src/sandbox/entries.ts";
import type { Sandbox } from "../src/sandbox/sandbox.ts";
import { MAX_VISITED, SearchBudget } from "../src/search/search-budget.ts";
import { WINDOW_BYTES } from "../src/search/text-windows.ts";
import { TreeSearch } from "../src/search/walk-tree.ts";
import { skipLines } from "../src/text/newlines.ts";
import { BLOCK_BYTES, Source } from "../src/text/source.ts";
import { MAX_TREE_ENTRIES } from "../src/write/scan-tree.ts";
import { MAX_COPY_BYTES } from "../src/write/workshop.ts";
import { call, callError } from "./support/call.ts";
import { withRoot } from "./support/files.ts";
import { sandboxOn } from "./support/sandboxes.ts";
import { withWrites } from "./support/writes.ts";

const { signal } = new AbortController();

/** Makes empty files f<from> to f<to - 1>; hard links to one, which is quicker than a file each. */
function makeMany(root: string, from: number, to: number): void {
  const first = join(root, `f${from}`);
  writeFileSync(first, "");
  for (let i = from + 1; i < to; i += 1) {
    // a file takes only so many names on some disks
    if (i % NAMES_OF_A_FILE === 0) writeFileSync(join(root, `f${i}`), "");
    else linkSync(join(root, `f${i - 1}`), join(root, `f${i}`));
  }
}

const NAMES_OF_A_FILE = 1_000;
const MANY_TIMEOUT_MS = 120_000;

test(
  "a directory is read up to its greatest number of entries, and a search in it can be cancelled",
  () =>
    withRoot({}, async (root) => {
      makeMany(root, 0, MAX_DIRECTORY_ENTRIES);
      const sandbox = await sandboxOn(root);
      const readAll = () =>
        sandbox.withDirectory(".", ({ node, deny }) =>
          readEntries(node, { deny, includeHidden: false, signal }),
        );
      expect((await readAll()).isCut).toBe(false);
      makeMany(root, MAX_DIRECTORY_ENTRIES, MAX_DIRECTORY_ENTRIES + 1);
      const cut = await readAll();
      expect([cut.isCut, cut.shown.length]).toEqual([true, MAX_DIRECTORY_ENTRIES]);
      await expectCancelled(sandbox);
    }),
  MANY_TIMEOUT_MS,
);

/** Cancels at the first report of progress: long before the end. */
async function expectCancelled(sandbox: Sandbox): Promise<void> {
  const controller = new AbortController();
  const budget = new SearchBudget({ matches: 1, onProgress: () => controller.abort() });
  const options = { ...anyName("none"), budget, signal: controller.signal };
  const search = sandbox.withDirectory(".", ({ node, deny }) =>
    new TreeSearch(options, (names) => names.join("/")).run(node, deny),
  );
  await expect(search).rejects.toThrow("aborted");
  expect(budget.visited).toBeLessThan(MAX_DIRECTORY_ENTRIES);
}

const anyName = (pattern: string) => ({
  glob: compileGlob(pattern),
  type: "any" as const,
  includeHidden: false,
});

test(
  "a directory is sorted by size up to a number of entries",
  () =>
    withRoot({}, async (root) => {
      makeMany(root, 0, MAX_SORTED_ENTRIES);
      const list = () => call(root, "list_directory", { sort: "size", limit: 1 });
      expect(await list()).toMatchObject({ total: MAX_SORTED_ENTRIES });
      makeMany(root, MAX_SORTED_ENTRIES, MAX_SORTED_ENTRIES + 1);
      const error = await callError(root, "list_directory", { sort: "size" });
      expect(error.details).toMatchObject({ reason: "too_large", limit: MAX_SORTED_ENTRIES });
      expect(await call(root, "list_directory", {})).toMatchObject({
        total: MAX_SORTED_ENTRIES + 1,
      });
    }),
  MANY_TIMEOUT_MS,
);

describe("a search", () => {
  test("stops at its number of entries and goes on behind them", () =>
    withRoot({ a: "", b: "", c: "", d: "", e: "" }, async (root) => {
      const sandbox = await sandboxOn(root);
      const found: string[] = [];
      let after: readonly string[] | undefined;
      let calls = 0;
      do {
        const budget = new SearchBudget({ matches: 100, visited: 2 });
        const options = { ...anyName("*"), after, budget, signal };
        const search = new TreeSearch(options, (names) => names.join("/"));
        const result = await sandbox.withDirectory(".", ({ node, deny }) => search.run(node, deny));
        found.push(...result.matches.map(({ path }) => path));
        after = result.stoppedAt;
        calls += 1;
      } while (after);
      expect(found).toEqual(["a", "b", "c", "d", "e"]);
      expect(calls).toBe(3);
    }));

  test("gets on by one entry even when its time is over at once", () => {
    const budget = new SearchBudget({ matches: 1, ms: -1 });
    expect([budget.visit(), budget.visit()]).toEqual([true, false]);
  });

  test("looks at its greatest number of entries, not at one more", () => {
    const budget = new SearchBudget({ matches: 1, ms: Number.POSITIVE_INFINITY });
    while (budget.visit());
    expect(budget.visited).toBe(MAX_VISITED);
  });
});

test("lines are looked for in so many bytes and no more", () =>
  withRoot({ a: `${"x".repeat(BLOCK_BYTES - 1)}\nsecond\n` }, async (root) => {
    const handle = await open(join(root, "a"));
    const source = new Source(handle, (await handle.stat()).size, signal);
    const utf8 = { name: "utf-8", bom: 0 } as const;
    const from = { line: 1, offset: 0 };
    const short = await skipLines(source, from, 3, utf8, BLOCK_BYTES);
    expect(short).toEqual({ at: { line: 2, offset: BLOCK_BYTES }, found: false, isEnd: false });
    const enough = await skipLines(source, from, 3, utf8, BLOCK_BYTES + 1);
    expect(enough).toMatchObject({ at: { line: 3 }, found: true });
    await handle.close();
  }));

test("a page holds as many bytes as it may, as they go out", () => {
  const item = { name: 'a"\\\u001b' };
  const budget = new ByteBudget(2 * wireBytes(item));
  expect([budget.take(item), budget.take(item), budget.take(item)]).toEqual([true, true, false]);
  const out = { structuredContent: item, content: [{ type: "text", text: JSON.stringify(item) }] };
  const frame = { structuredContent: 0, content: [{ type: "text", text: 0 }] };
  expect(wireBytes(item)).toBe(JSON.stringify(out).length - JSON.stringify(frame).length + 2);
});

test(
  "a folder is moved, copied and deleted up to a number of entries",
  () =>
    withWrites({ "d/first": "" }, async ({ root, run, fail }) => {
      makeMany(join(root, "d"), 0, MAX_TREE_ENTRIES - 1);
      await run("move_path", { source: "d", destination: "e" });
      makeMany(join(root, "e"), MAX_TREE_ENTRIES - 1, MAX_TREE_ENTRIES);
      expect(await fail("move_path", { source: "e", destination: "d" })).toBe("too_large");
      expect(await fail("delete_path", { path: "e", recursive: true })).toBe("too_large");
    }),
  MANY_TIMEOUT_MS,
);

test("a folder is copied up to a number of bytes", () =>
  withWrites({ "d/a": "" }, async ({ root, fail }) => {
    await truncate(join(root, "d/a"), MAX_COPY_BYTES + 1);
    expect(await fail("copy_path", { source: "d", destination: "e" })).toBe("too_large");
  }));

test("a line longer than a window is searched to its end", () =>
  withRoot(
    { f: `${"x".repeat(WINDOW_BYTES - 3)}needle${"y".repeat(WINDOW_BYTES)}\nneedle\n` },
    async (root) => {
      const { matches } = await call(root, "search_text", { pattern: "needle" });
      expect(
        (matches as { line: number; column: number }[]).map(({ line, column }) => [line, column]),
      ).toEqual([
        [1, WINDOW_BYTES - 2],
        [2, 1],
      ]);
    },
  ));

test("a line of a diff has an edge", () => {
  const diffOf = (length: number) => {
    const units = toUnits(Buffer.from(`${"x".repeat(length)}\n`), "f");
    return unifiedDiff(units, planEdits(units, [{ old: "\n", new: "", count: 1 }], "f"), "f");
  };
  expect(diffOf(MAX_DIFF_LINE_CHARS)).not.toContain("...");
  expect(diffOf(MAX_DIFF_LINE_CHARS + 1)).toContain("...");
});
