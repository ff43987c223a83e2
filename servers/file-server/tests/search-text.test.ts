import { truncate } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MAX_LINE_CHARS, MAX_SEARCH_CHARS } from "../src/search/line-matcher.ts";
import { MAX_SHOWN_CHARS } from "../src/search/shown-line.ts";
import { MAX_SEARCHED_BYTES } from "../src/search/text-search.ts";
import { MAX_TEXT_RESULTS } from "../src/tools/search-text.ts";
import { call, callError, refusal } from "./support/call.ts";
import { cpuMsOf } from "./support/cpu.ts";
import { withRoot } from "./support/files.ts";

const search = (root: string, pattern: string, input: Record<string, unknown> = {}) =>
  call(root, "search_text", { pattern, ...input });

const places = (result: Record<string, unknown>) =>
  (result.matches as { path: string; line: number; column: number }[]).map(
    ({ path, line, column }) => `${path}:${line}:${column}`,
  );

test("lines come with their place and the lines around", () =>
  withRoot({ "a.txt": "one\r\ntwo\r\nthree\r\n", "sub/b.txt": "two\n" }, async (root) => {
    expect(await search(root, "two", { context: 1 })).toMatchInlineSnapshot(`
      {
        "complete": true,
        "files": 2,
        "matches": [
          {
            "after": [
              "three",
            ],
            "before": [
              "one",
            ],
            "column": 1,
            "line": 2,
            "path": "a.txt",
            "text": "two",
          },
          {
            "after": [],
            "before": [],
            "column": 1,
            "line": 1,
            "path": "sub/b.txt",
            "text": "two",
          },
        ],
        "skipped": 0,
      }
    `);
  }));

test.each([
  ["literal", "a.b", {}, ["f:1:3"]],
  ["literal, any case", "A.B", { ignore_case: true }, ["f:1:3", "f:4:1"]],
  ["literal with signs", "[x]*", { ignore_case: true }, ["f:3:1"]],
  ["expression", "^a.b$", { regex: true }, ["f:2:1"]],
  ["expression, any case", "^[a-c]\\.b$", { regex: true, ignore_case: true }, ["f:4:1"]],
  ["an escape keeps its case", "\\W\\Wa", { regex: true, ignore_case: true }, ["f:1:1"]],
  ["files that fit", "a", { glob: "*.md" }, ["g.md:1:1"]],
  ["hidden on demand", "hid", { include_hidden: true }, [".h:1:1"]],
])("%s: %s", (_, pattern, input, expected) =>
  withRoot(
    {
      f: "  a.b\nacb\n[X]*\nA.B\n",
      "g.md": "a\n",
      ".h": "hid",
      ".env": "hid",
    },
    async (root) => {
      expect(places(await search(root, pattern, { glob: "*", ...input }))).toEqual(expected);
    },
  ),
);

test("what is not text, too large or a link is not looked into", () =>
  withRoot(
    {
      bin: Buffer.from("x\0needle"),
      big: "needle",
      ln: { link: "a" },
      a: "needle",
      utf: Buffer.from("\ufeffneedle", "utf16le"),
    },
    async (root) => {
      await truncate(join(root, "big"), MAX_SEARCHED_BYTES + 1);
      const result = await search(root, "needle");
      expect(places(result)).toEqual(["a:1:1", "utf:1:1"]);
      expect(result).toMatchObject({ files: 2, skipped: 2, complete: true });
    },
  ));

test("a text that is not ASCII is found in each encoding", () =>
  withRoot(
    {
      latin: Buffer.from("caf\xe9", "latin1"),
      utf8: "café",
      wide: Buffer.from("\ufeffcafé", "utf16le"),
    },
    async (root) => {
      for (const pattern of ["café", "caf"])
        expect(places(await search(root, pattern))).toEqual(["latin:1:1", "utf8:1:1", "wide:1:1"]);
    },
  ));

test("pages hold every line once, and a page may end within a file", () =>
  withRoot({ a: "x\ny\nx\nx\n", "b/c": "x\n", d: "x\nx\n" }, async (root) => {
    const seen: string[] = [];
    let cursor: unknown;
    do {
      const page = await search(root, "x", {
        max_results: 2,
        ...(cursor !== undefined && { cursor }),
      });
      expect(places(page).length).toBeLessThanOrEqual(2);
      seen.push(...places(page));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(["a:1:1", "a:3:1", "a:4:1", "b/c:1:1", "d:1:1", "d:2:1"]);
  }));

describe("patterns", () => {
  test.each(["(a+)+$", "(a|a)*b", "(.*)*x", "([a-z]+)*!"])(
    "%s takes time by the length of the line",
    (pattern) =>
      withRoot({ f: `${"a".repeat(20_000)}\n` }, async (root) => {
        const ms = await cpuMsOf(() => search(root, pattern, { regex: true }));
        expect(ms).toBeLessThan(2_000);
      }),
  );

  test.each(["(", "(?=a)b", "(a)\\1", "a{1000}", "(?:a{16}){16}"])("%s is refused", (pattern) =>
    withRoot({ f: "" }, async (root) => {
      const input = { pattern, regex: true };
      expect(await refusal(root, "search_text", input)).toBe("invalid_pattern");
    }),
  );

  test("a glob that is none is refused, and the length has an edge", () =>
    withRoot({ f: "" }, async (root) => {
      expect(await refusal(root, "search_text", { pattern: "a", glob: "/a" })).toBe(
        "invalid_pattern",
      );
      await search(root, "a".repeat(MAX_SEARCH_CHARS));
      const error = await callError(root, "search_text", {
        pattern: "a".repeat(MAX_SEARCH_CHARS + 1),
      });
      expect(error.code).toBe("VALIDATION_ERROR");
    }));
});

test("an expression sees so much of a line; a long line is shown around what was found", () =>
  withRoot({ f: `${"x".repeat(MAX_LINE_CHARS - 1)}ab\n` }, async (root) => {
    expect(places(await search(root, "a", { regex: true }))).toEqual([`f:1:${MAX_LINE_CHARS}`]);
    expect(places(await search(root, "b", { regex: true }))).toEqual([]);
    const { matches } = await search(root, "b");
    const [{ text = "" } = {}] = matches as { text?: string }[];
    expect(text).toHaveLength(MAX_SHOWN_CHARS + 1);
    expect(text.endsWith("ab")).toBe(true);
  }));

test("the largest page stays under the megabyte", () =>
  withRoot({ f: `${"\u0001x".repeat(20)}${"y".repeat(3_000)}\n`.repeat(2_000) }, async (root) => {
    const page = await search(root, "x", { max_results: MAX_TEXT_RESULTS, context: 10 });
    expect(page.complete).toBe(false);
    expect(JSON.stringify(page).length).toBeLessThan(1_000_000);
  }));

test("a search ends when it is cancelled", () =>
  // long enough that its turn ends, however quick the machine
  withRoot({ f: "a\n".repeat(10_000_000) }, async (root) => {
    const signal = AbortSignal.timeout(5);
    const context = { signal };
    const input = { pattern: "(b|c)+d", regex: true };
    await expect(call(root, "search_text", input, { context })).rejects.toThrow(
      /CANCELLED|TIMEOUT/,
    );
  }));
