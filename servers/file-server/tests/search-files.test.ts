import { expect, test } from "vitest";
import { MAX_FOUND_PATH_BYTES, MAX_SEARCH_DEPTH } from "../src/search/walk-tree.ts";
import { MAX_RESULTS } from "../src/tools/search-files.ts";
import { call, callError, refusal } from "./support/call.ts";
import { withRoot } from "./support/files.ts";

const search = (root: string, input: Record<string, unknown>) => call(root, "search_files", input);
const paths = (result: Record<string, unknown>) =>
  (result.matches as { path: string }[]).map(({ path }) => path);

const tree = {
  "a.ts": "a",
  "src/b.ts": "bb",
  "src/deep/c.ts": "",
  "src/deep/c.js": "",
  ".git/d.ts": "",
  "src/.env": "",
};

test("a pattern without a slash finds names at any depth", () =>
  withRoot(tree, async (root) => {
    expect(await search(root, { pattern: "*.ts" })).toMatchInlineSnapshot(`
      {
        "complete": true,
        "matches": [
          {
            "modified": "2026-01-02T03:04:05.678Z",
            "path": "a.ts",
            "size": 1,
            "type": "file",
          },
          {
            "modified": "2026-01-02T03:04:05.678Z",
            "path": "src/b.ts",
            "size": 2,
            "type": "file",
          },
          {
            "modified": "2026-01-02T03:04:05.678Z",
            "path": "src/deep/c.ts",
            "size": 0,
            "type": "file",
          },
        ],
        "path": ".",
        "skipped": 0,
      }
    `);
  }));

test.each([
  ["src/*.ts", ["src/b.ts"]],
  ["**/c.{ts,js}", ["src/deep/c.js", "src/deep/c.ts"]],
  ["src/**", ["src/b.ts", "src/deep", "src/deep/c.js", "src/deep/c.ts"]],
  ["[!a].ts", ["src/b.ts", "src/deep/c.ts"]],
  ["?.js", ["src/deep/c.js"]],
  ["*.TS", []],
])("%s", (pattern, expected) =>
  withRoot(tree, async (root) => {
    expect(paths(await search(root, { pattern }))).toEqual(expected);
  }),
);

test("a kind can be asked for, and hidden names; denied ones are never found", () =>
  withRoot(tree, async (root) => {
    expect(paths(await search(root, { pattern: "**", type: "directory" }))).toEqual([
      "src",
      "src/deep",
    ]);
    expect(paths(await search(root, { pattern: "d.ts", include_hidden: true }))).toEqual([
      ".git/d.ts",
    ]);
    expect(paths(await search(root, { pattern: ".env", include_hidden: true }))).toEqual([]);
  }));

test("paths below another directory can be given back as they are", () =>
  withRoot(tree, async (root) => {
    const [path] = paths(await search(root, { path: "src/deep", pattern: "*.ts" }));
    expect(path).toBe("src/deep/c.ts");
    expect(await call(root, "read_text_file", { path })).toMatchObject({ path });
  }));

test("a link to a folder is found and not followed", () =>
  withRoot({ "real/x": "", link: { link: "real" }, loop: { link: "." } }, async (root) => {
    expect(paths(await search(root, { pattern: "**" }))).toEqual([
      "link",
      "loop",
      "real",
      "real/x",
    ]);
  }));

test.each([1, 2, 3, 7])("pages of %i hold every match once", (max_results) =>
  withRoot({ ...tree, "src/deep.txt": "", "src-2/e.ts": "" }, async (root) => {
    const seen: string[] = [];
    let cursor: unknown;
    let pages = 0;
    do {
      const page = await search(root, {
        pattern: "**",
        max_results,
        ...(cursor !== undefined && { cursor }),
      });
      seen.push(...paths(page));
      cursor = page.next_cursor;
      expect(page.complete).toBe(cursor === undefined);
      pages += 1;
    } while (cursor !== undefined);
    expect(seen).toEqual(paths(await search(root, { pattern: "**" })));
    expect(pages).toBe(Math.ceil(seen.length / max_results));
  }),
);

test.each([
  "../**/secret*",
  "/etc/*",
  "a/../b",
  ".",
  "{a,b}".repeat(10),
  "x".repeat(512).concat("y"),
])("the pattern %s is refused", (pattern) =>
  withRoot(tree, async (root) => {
    expect((await callError(root, "search_files", { pattern })).code).toBe("VALIDATION_ERROR");
  }),
);

test("a refused pattern says why", () =>
  withRoot(tree, async (root) => {
    expect(await callError(root, "search_files", { pattern: "../x" })).toMatchInlineSnapshot(`
      {
        "code": "VALIDATION_ERROR",
        "details": {
          "reason": "invalid_pattern",
        },
        "message": "A pattern cannot climb: leave out the dots.",
        "timestamp": "2026-01-01T00:00:00.000Z",
      }
    `);
    expect(await refusal(root, "search_files", { path: "a.ts", pattern: "x" })).toBe(
      "not_a_directory",
    );
  }));

test("the greatest depth is searched and what lies below is counted", () =>
  withRoot({ [`${"d/".repeat(MAX_SEARCH_DEPTH)}x/y`]: "" }, async (root) => {
    const result = await search(root, { pattern: "**" });
    expect(paths(result)).toHaveLength(MAX_SEARCH_DEPTH + 1);
    expect(paths(result).at(-1)).toBe(`${"d/".repeat(MAX_SEARCH_DEPTH)}x`);
    expect(result.skipped).toBe(1);
  }));

test("paths of the greatest length lead on, longer ones are counted", () => {
  const folder = `${"n".repeat(199)}/`.repeat(4);
  const longest = folder + "y".repeat(MAX_FOUND_PATH_BYTES - folder.length);
  const tooLong = `${folder}${"z".repeat(MAX_FOUND_PATH_BYTES - folder.length)}z`;
  return withRoot({ [longest]: "", [tooLong]: "", zz: "" }, async (root) => {
    const first = await search(root, { pattern: "{y*,z*}", max_results: 1 });
    expect(paths(first)).toEqual([longest]);
    expect(first.skipped).toBe(1);
    expect(paths(await search(root, { pattern: "{y*,z*}", cursor: first.next_cursor }))).toEqual([
      "zz",
    ]);
  });
});

test("max_results has an edge", () =>
  withRoot(tree, async (root) => {
    expect(paths(await search(root, { pattern: "a.ts", max_results: MAX_RESULTS }))).toEqual([
      "a.ts",
    ]);
    const over = { pattern: "a.ts", max_results: MAX_RESULTS + 1 };
    expect((await callError(root, "search_files", over)).code).toBe("VALIDATION_ERROR");
  }));

test("a search tells how far it is, and stops when it is cancelled", () =>
  withRoot(
    Object.fromEntries(Array.from({ length: 5_200 }, (_, i) => [`f${i}`, ""])),
    async (root) => {
      const told: unknown[] = [];
      const progress = (...args: unknown[]) => void told.push(args);
      await call(root, "search_files", { pattern: "none" }, { context: { progress } });
      expect(told).toEqual([[5_000, undefined, "0 found"]]);
      const aborted = call(
        root,
        "search_files",
        { pattern: "none" },
        { context: { signal: AbortSignal.abort() } },
      );
      await expect(aborted).rejects.toThrow("CANCELLED");
    },
  ));
