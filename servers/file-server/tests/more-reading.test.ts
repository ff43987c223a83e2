import { truncate } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MAX_FOLDER_LINES, MAX_TREE_CHARS } from "../src/listing/tree.ts";
import { server } from "../src/server.ts";
import { MAX_PATHS } from "../src/tools/read-many-files.ts";
import { MAX_MEDIA_BYTES } from "../src/tools/read-media-file.ts";
import { MAX_HASH_BYTES } from "../src/write/if-match.ts";
import { callTool } from "./shared/testing/call.ts";
import { call, callError, refusal } from "./support/call.ts";
import { withRoot } from "./support/files.ts";

const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");

describe("get_file_info", () => {
  test("tells what a file is, with its hash on demand", () =>
    withRoot({ "a.txt": "alpha\n" }, async (root) => {
      const info = await call(root, "get_file_info", { path: "a.txt", hash: true });
      expect(info).toMatchInlineSnapshot(
        { etag: expect.stringMatching(/^[\w-]{16}$/) },
        `
        {
          "etag": StringMatching /\\^\\[\\\\w-\\]\\{16\\}\\$/,
          "links": 1,
          "mode": "644",
          "modified": "2026-01-02T03:04:05.678Z",
          "path": "a.txt",
          "sha256": "b6a98d9ce9a2d9149288fa3df42d377c3e42737afdcdaf714e33c0a100b51060",
          "size": 6,
          "type": "file",
        }
      `,
      );
    }));

  test("a folder has no size and no etag", () =>
    withRoot({ sub: null }, async (root) => {
      const info = await call(root, "get_file_info", { path: "sub" });
      expect(info).toMatchObject({ type: "directory", path: "sub" });
      expect(Object.keys(info)).not.toContain("etag");
    }));

  test("the hash of a file that is too large is refused, the rest is told", () =>
    withRoot({ big: "", ".env": "" }, async (root) => {
      await truncate(join(root, "big"), MAX_HASH_BYTES + 1);
      const input = { path: "big" };
      expect(await refusal(root, "get_file_info", { ...input, hash: true })).toBe("too_large");
      expect(await call(root, "get_file_info", input)).toMatchObject({ size: MAX_HASH_BYTES + 1 });
      expect(await refusal(root, "get_file_info", { path: ".env" })).toBe("denied_by_pattern");
    }));
});

describe("list_roots", () => {
  test("names the folders, those that are missing too", () =>
    withRoot({}, async (root) => {
      const env = { ALLOWED_ROOTS: JSON.stringify([root, join(root, "missing")]) };
      const result = await call(root, "list_roots", {}, { env });
      expect(JSON.parse(JSON.stringify(result).replaceAll(root, "/root"))).toMatchInlineSnapshot(`
        {
          "roots": [
            {
              "available": true,
              "path": "/root",
            },
            {
              "available": false,
              "path": "/root/missing",
            },
          ],
          "writable": false,
        }
      `);
      expect(await call(root, "list_roots", {}, { env: { ALLOW_WRITE: "true" } })).toMatchObject({
        writable: true,
      });
    }));
});

describe("read_many_files", () => {
  test("reads each, and says of each why not", () =>
    withRoot({ a: "alpha", b: "bravo", bin: Buffer.from([0]), ".env": "x" }, async (root) => {
      const paths = ["a", "missing", "bin", ".env", "../x", "b"];
      expect(await call(root, "read_many_files", { paths })).toMatchInlineSnapshot(`
        {
          "files": [
            {
              "content": "alpha",
              "path": "a",
            },
            {
              "path": "missing",
              "reason": "not_found",
            },
            {
              "path": "bin",
              "reason": "binary",
            },
            {
              "path": ".env",
              "reason": "denied_by_pattern",
            },
            {
              "path": "../x",
              "reason": "outside_root",
            },
            {
              "content": "bravo",
              "path": "b",
            },
          ],
        }
      `);
    }));

  test("all share one budget, and what short files leave is for the others", () =>
    withRoot({ short: "s", long: "x".repeat(100_000) }, async (root) => {
      const { files } = await call(root, "read_many_files", { paths: ["short", "long", "long"] });
      expect(files).toMatchObject([
        { content: "s" },
        { next_offset: 32_767 },
        { next_offset: 32_768 },
      ]);
    }));

  test("the number of paths has an edge", () =>
    withRoot({ a: "1" }, async (root) => {
      const paths = new Array<string>(MAX_PATHS).fill("a");
      const { files } = await call(root, "read_many_files", { paths });
      expect(files).toHaveLength(MAX_PATHS);
      const error = await callError(root, "read_many_files", { paths: [...paths, "a"] });
      expect(error.code).toBe("VALIDATION_ERROR");
    }));
});

describe("read_media_file", () => {
  const read = (root: string, path: string) =>
    callTool(server, "read_media_file", { path }, { env: { ALLOWED_ROOTS: root } });

  test("an image comes as an image, whatever it is called", () =>
    withRoot({ "x.txt": PNG }, async (root) => {
      const { content, structuredContent } = await read(root, "x.txt");
      expect(structuredContent).toMatchInlineSnapshot(`
        {
          "mime_type": "image/png",
          "path": "x.txt",
          "size": 16,
        }
      `);
      expect(content.slice(1)).toEqual([
        { type: "image", data: PNG.toString("base64"), mimeType: "image/png" },
      ]);
    }));

  test.each([
    ["audio/wav", "RIFF\x01\x02\x03\x04WAVEfmt "],
    ["audio/mpeg", "ID3\x03"],
    ["audio/ogg", "OggS"],
  ])("a sound comes as audio: %s", (mimeType, bytes) =>
    withRoot({ f: Buffer.from(bytes, "latin1") }, async (root) => {
      expect((await read(root, "f")).content[1]).toMatchObject({ type: "audio", mimeType });
    }),
  );

  test("other files and those that are too large are refused", () =>
    withRoot({ "a.png": "text", big: PNG }, async (root) => {
      expect(await refusal(root, "read_media_file", { path: "a.png" })).toBe("not_media");
      await truncate(join(root, "big"), MAX_MEDIA_BYTES + 1);
      expect(await refusal(root, "read_media_file", { path: "big" })).toBe("too_large");
      await truncate(join(root, "big"), MAX_MEDIA_BYTES);
      expect(await read(root, "big")).not.toHaveProperty("isError");
    }));
});

describe("directory_tree", () => {
  const names = (count: number, length = 1) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [
        `${String(i).padStart(4, "0")}${"x".repeat(length)}`,
        "",
      ]),
    );

  test("draws folders, files and links", () =>
    withRoot(
      { "a/b/c.txt": "", "a/ln": { link: "/etc" }, z: "", ".hidden": "", ".env": "" },
      async (root) => {
        expect(await call(root, "directory_tree", {})).toMatchInlineSnapshot(`
          {
            "entries": 5,
            "path": ".",
            "tree": "a/
            b/
              c.txt
            ln@
          z",
            "truncated": false,
          }
        `);
      },
    ));

  test("depth, number of entries and a large folder are cut, and it says so", () =>
    withRoot({ "a/b/c": "", ...names(MAX_FOLDER_LINES) }, async (root) => {
      const deep = await call(root, "directory_tree", { depth: 1, max_entries: 3 });
      expect(deep).toMatchObject({ entries: 3, truncated: true });
      const all = await call(root, "directory_tree", {});
      expect(all).toMatchObject({ entries: MAX_FOLDER_LINES, truncated: true });
      expect(String(all.tree).split("\n").at(-1)).toBe("... 1 left out");
    }));

  test("the drawing has a greatest length", () =>
    withRoot(
      Object.fromEntries(
        [1, 2, 3, 4].flatMap((d) => Object.keys(names(100, 200)).map((n) => [`d${d}/${n}`, ""])),
      ),
      async (root) => {
        const { tree } = await call(root, "directory_tree", { max_entries: 5_000 });
        expect(String(tree).length).toBeGreaterThan(MAX_TREE_CHARS);
        expect(String(tree).length).toBeLessThan(MAX_TREE_CHARS + 500);
      },
    ));

  test("a file is no directory", () =>
    withRoot({ f: "" }, async (root) => {
      expect(await refusal(root, "directory_tree", { path: "f" })).toBe("not_a_directory");
    }));
});

test("many files of one folder are each what they would be alone", () =>
  withRoot(
    {
      "d/a": "alpha",
      "d/b": "bravo",
      "d/.env": "secret",
      "d/ln": { link: "a" },
      "d/out": { link: "/etc/passwd" },
      "d/sub/c": "c",
      top: "top",
    },
    async (root) => {
      const names = ["a", "b", ".env", "ln", "out", "sub", "none", "aux.c", ".", "..", "a/", "a"];
      const paths = [...names.map((name) => `d/${name}`), "none/x", "none/y", "top/x", "top/y"];
      const together = await call(root, "read_many_files", { paths });
      const alone: unknown[] = [];
      for (const path of paths) {
        const { files } = await call(root, "read_many_files", { paths: [path] });
        alone.push(...(files as unknown[]));
      }
      expect(together.files).toEqual(alone);
      expect(alone).toContainEqual({ path: "d/.env", reason: "denied_by_pattern" });
      expect(alone).toContainEqual({ path: "d/..", reason: "not_a_file" });
      expect(alone).toContainEqual({ path: "d/ln", content: "alpha" });
    },
  ));
