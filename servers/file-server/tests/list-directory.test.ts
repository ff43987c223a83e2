import { utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MAX_LIST_LIMIT } from "../src/tools/list-directory.ts";
import { call, callError, refusal } from "./support/call.ts";
import { FILE_TIME, plant, withRoot } from "./support/files.ts";

const list = (root: string, input: Record<string, unknown> = {}) =>
  call(root, "list_directory", input);

const names = (result: Record<string, unknown>) =>
  (result.entries as { name: string }[]).map(({ name }) => name);

test("a directory comes with the kind, size and time of its entries", () =>
  withRoot(
    {
      "b.txt": "bravo\n",
      "a/inner.txt": "",
      ".hidden": "",
      ".env": "",
      "big.bin": new Uint8Array(70_000),
    },
    async (root) => {
      await utimes(join(root, "a"), FILE_TIME, FILE_TIME);
      await expect(list(root)).resolves.toMatchInlineSnapshot(`
      {
        "denied": 1,
        "entries": [
          {
            "modified": "2026-01-02T03:04:05.678Z",
            "name": "a",
            "type": "directory",
          },
          {
            "modified": "2026-01-02T03:04:05.678Z",
            "name": "b.txt",
            "size": 6,
            "type": "file",
          },
          {
            "modified": "2026-01-02T03:04:05.678Z",
            "name": "big.bin",
            "size": 70000,
            "type": "file",
          },
        ],
        "hidden": 1,
        "path": ".",
        "total": 3,
        "truncated": false,
      }
    `);
    },
  ));

test.each([
  [
    "name",
    ["big.bin", "folder/", { name: "out", type: "symlink" }, { name: "x\\u0007", type: "file" }],
  ],
  [
    "size",
    ["big.bin", { name: "x\\u0007", type: "file" }, "folder/", { name: "out", type: "symlink" }],
  ],
])("without details, by %s, a name is all of a file and of a folder", (sort, expected) =>
  withRoot(
    { "big.bin": "12", folder: null, out: { link: "/etc/passwd" }, "x\u0007": "1" },
    async (root) => {
      const { entries } = await list(root, { sort, details: false });
      expect(entries).toMatchObject(expected);
      expect(entries).toHaveLength(expected.length);
      const first = await list(root, { sort, details: false, limit: 3 });
      const rest = await list(root, { sort, details: false, cursor: first.next_cursor });
      expect([first.entries, rest.entries].flat()).toEqual(entries);
    },
  ),
);

test("a link is shown as a link, and where it leads is not", () =>
  withRoot({ out: { link: "/etc/passwd" } }, async (root) => {
    const result = await list(root);
    expect(result.entries).toMatchObject([{ name: "out", type: "symlink" }]);
    expect(JSON.stringify(result)).not.toContain("passwd");
  }));

test("hidden names come on demand, denied ones never", () =>
  withRoot({ ".config": "", ".env": "", "id_rsa.pub": "", "server.PEM": "" }, async (root) => {
    const result = await list(root, { include_hidden: true });
    expect(names(result)).toEqual([".config"]);
    expect(result).toMatchObject({ denied: 3, hidden: 0, total: 1 });
  }));

test.each([
  ["name", ["a", "b", "c"]],
  ["size", ["c", "b", "a"]],
  ["modified", ["b", "a", "c"]],
])("sorted by %s", (sort, expected) =>
  withRoot({ a: "1", b: "22", c: "333" }, async (root) => {
    await utimes(join(root, "a"), FILE_TIME, new Date(2_000));
    await utimes(join(root, "b"), FILE_TIME, new Date(3_000));
    await utimes(join(root, "c"), FILE_TIME, new Date(1_000));
    expect(names(await list(root, { sort }))).toEqual(expected);
  }),
);

test.each(["name", "size", "modified"])("pages by %s hold every entry once", (sort) =>
  withRoot(
    Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`f${i}`, "x".repeat(i % 3)])),
    async (root) => {
      const seen: string[] = [];
      let cursor: unknown;
      do {
        const page = await list(root, { sort, limit: 10, ...(cursor !== undefined && { cursor }) });
        seen.push(...names(page));
        cursor = page.next_cursor;
      } while (cursor !== undefined);
      expect(seen).toHaveLength(25);
      expect(new Set(seen).size).toBe(25);
      expect(seen).toEqual(names(await list(root, { sort })));
    },
  ),
);

test("a file that comes or goes between two pages moves no other", () =>
  withRoot({ b: "", c: "", d: "", e: "" }, async (root) => {
    const first = await list(root, { limit: 2 });
    await writeFile(join(root, "a"), "");
    const second = await list(root, { limit: 2, cursor: first.next_cursor });
    expect([...names(first), ...names(second)]).toEqual(["b", "c", "d", "e"]);
  }));

test("a cursor of another directory or order is refused", () =>
  withRoot({ a: "", b: "", "sub/a": "" }, async (root) => {
    const { next_cursor: cursor } = await list(root, { limit: 1 });
    expect(await refusal(root, "list_directory", { path: "sub", cursor })).toBe("query");
    expect(await refusal(root, "list_directory", { sort: "size", cursor })).toBe("query");
    expect(await refusal(root, "list_directory", { cursor: "x" })).toBe("malformed");
  }));

test("names that would draw on a terminal are written out and marked", () =>
  withRoot({ "x\u001b[31mred": "", "two\nlines": "" }, async (root) => {
    const { entries } = await list(root);
    expect(entries).toMatchObject([
      { name: "two\\u000alines", unusable: true },
      { name: "x\\u001b[31mred", unusable: true },
    ]);
  }));

test.skipIf(process.platform !== "linux")("a name that is no UTF-8 is listed and marked", () =>
  withRoot({}, async (root) => {
    await writeFile(Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xe9])]), "");
    expect((await list(root)).entries).toEqual([
      { name: "caf\ufffd", type: "file", unusable: true },
    ]);
  }),
);

test("the longest and strangest names stay under the megabyte on the largest page", () =>
  withRoot({}, async (root) => {
    const odd = (i: number) => `${String(i).padStart(4, "0")}${"\u0001".repeat(250)}`;
    await plant(
      root,
      Object.fromEntries(Array.from({ length: MAX_LIST_LIMIT }, (_, i) => [odd(i), ""])),
    );
    const seen: string[] = [];
    let cursor: unknown;
    do {
      const page = await list(root, {
        limit: MAX_LIST_LIMIT,
        ...(cursor !== undefined && { cursor }),
      });
      seen.push(...names(page));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(MAX_LIST_LIMIT);
  }));

test("the limit has an edge", () =>
  withRoot({ a: "" }, async (root) => {
    expect(names(await list(root, { limit: MAX_LIST_LIMIT }))).toEqual(["a"]);
    const error = await callError(root, "list_directory", { limit: MAX_LIST_LIMIT + 1 });
    expect(error.code).toBe("VALIDATION_ERROR");
  }));

test("a file, a missing folder and a path outside are refused", () =>
  withRoot({ "a.txt": "" }, async (root) => {
    expect(await callError(root, "list_directory", { path: "a.txt" })).toMatchInlineSnapshot(`
      {
        "code": "VALIDATION_ERROR",
        "details": {
          "path": "a.txt",
          "reason": "not_a_directory",
        },
        "message": ""a.txt": A part of the path is not a directory.",
        "timestamp": "2026-01-01T00:00:00.000Z",
      }
    `);
    expect(await callError(root, "list_directory", { path: "missing" })).toMatchInlineSnapshot(`
      {
        "code": "NOT_FOUND",
        "details": {
          "path": "missing",
          "reason": "not_found",
        },
        "message": ""missing": There is nothing of this name; list its folder to see what there is.",
        "timestamp": "2026-01-01T00:00:00.000Z",
      }
    `);
    expect(await refusal(root, "list_directory", { path: ".." })).toBe("outside_root");
  }));
