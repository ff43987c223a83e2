import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MAX_IGNORE_BYTES } from "../src/search/ignore-files.ts";
import { call, callError, refusal } from "./support/call.ts";
import { cpuMsOf } from "./support/cpu.ts";
import { withRoot } from "./support/files.ts";

const found = async (root: string, input: Record<string, unknown> = {}) => {
  const { matches } = await call(root, "search_files", { pattern: "*", type: "file", ...input });
  return (matches as { path: string }[]).map(({ path }) => path);
};
const foundText = async (root: string, input: Record<string, unknown> = {}) => {
  const { matches } = await call(root, "search_text", { pattern: "x", ...input });
  return (matches as { path: string }[]).map(({ path }) => path);
};

const tree = {
  ".gitignore": "node_modules/\n*.log\n!keep.log\n/only-here\n# a comment\n",
  "node_modules/a/b.js": "x",
  "a.log": "x",
  "keep.log": "x",
  "only-here": "x",
  "sub/only-here": "x",
  "sub/.gitignore": "*.tmp\n!b.log\n",
  "sub/a.tmp": "x",
  "sub/b.log": "x",
  "sub/c.log": "x",
  "sub/.ignore": "!d.tmp\n",
  "sub/d.tmp": "x",
};
const seen = ["keep.log", "sub/b.log", "sub/d.tmp", "sub/only-here"];

describe("what ignore files leave out", () => {
  test("is neither found nor searched, the innermost file deciding", () =>
    withRoot(tree, async (root) => {
      expect(await found(root)).toEqual(seen);
      expect(await foundText(root)).toEqual(seen);
    }));

  test("is left out of a search below the file too", () =>
    withRoot(tree, async (root) => {
      const below = seen.filter((path) => path.startsWith("sub/"));
      expect(await found(root, { path: "sub" })).toEqual(below);
      expect(await foundText(root, { path: "sub" })).toEqual(below);
    }));

  test("is found on demand", () =>
    withRoot(tree, async (root) => {
      const all = Object.keys(tree).filter((path) => !/\.(git)?ignore$/.test(path));
      expect(await found(root, { no_ignore: true })).toEqual(all.sort());
      expect(await foundText(root, { no_ignore: true })).toEqual(all.sort());
    }));

  test("is named in a file up to so many bytes", () =>
    withRoot(
      {
        ".gitignore": "a\n".padEnd(MAX_IGNORE_BYTES, "#"),
        a: "",
        "sub/.gitignore": "b\n".padEnd(MAX_IGNORE_BYTES + 1, "#"),
        "sub/b": "",
      },
      async (root) => expect(await found(root)).toEqual(["sub/b"]),
    ));

  test("takes no longer to tell for a pattern of many stars", () =>
    withRoot(
      { ".gitignore": `${"*a".repeat(100)}\n${"a*".repeat(100)}c\n`, [`${"a".repeat(200)}b`]: "" },
      async (root) => {
        const ms = await cpuMsOf(async () => expect(await found(root)).toHaveLength(1));
        expect(ms).toBeLessThan(2_000);
      },
    ));

  test("is not read where it is a link", () =>
    withRoot({ list: "a", ".gitignore": { link: "list" }, a: "" }, async (root) =>
      expect(await found(root)).toEqual(["a", "list"]),
    ));
});

describe("a search by size and date", () => {
  const files = { empty: "", small: "12345", large: "x".repeat(2_000), "dir/f": "1" };
  const old = new Date("2020-05-05T12:00:00Z");

  test("has both bounds in it", () =>
    withRoot(files, async (root) => {
      expect(await found(root, { min_size: 5 })).toEqual(["large", "small"]);
      expect(await found(root, { max_size: 5 })).toEqual(["dir/f", "empty", "small"]);
      expect(await found(root, { min_size: 5, max_size: 1_999 })).toEqual(["small"]);
      expect(await found(root, { min_size: 0, type: "any" })).not.toContain("dir");
    }));

  test("takes days and times", () =>
    withRoot(files, async (root) => {
      await utimes(join(root, "small"), old, old);
      const at = old.toISOString();
      expect(await found(root, { modified_before: "2021-01-01" })).toEqual(["small"]);
      expect(await found(root, { modified_before: at })).toEqual(["small"]);
      expect(await found(root, { modified_after: at })).toContain("small");
      expect(await found(root, { modified_after: "2020-05-05T12:00:01Z" })).not.toContain("small");
    }));

  test.each(["yesterday", "2020-13-45", "1", ""])("refuses %j as a time", (time) =>
    withRoot(files, async (root) =>
      expect(await refusal(root, "search_files", { pattern: "*", modified_after: time })).toBe(
        "invalid_range",
      ),
    ),
  );

  test("belongs to its cursor", () =>
    withRoot(files, async (root) => {
      const page = { pattern: "*", max_results: 1, type: "file" };
      const { next_cursor } = await call(root, "search_files", { ...page, min_size: 1 });
      const error = await callError(root, "search_files", { ...page, cursor: next_cursor });
      expect(error.details.reason).toBe("query");
      expect(await found(root, { ...page, min_size: 1, cursor: next_cursor })).toEqual(["large"]);
    }));
});
