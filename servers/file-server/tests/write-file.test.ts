import { chmod, link, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MAX_CONTENT_CHARS } from "../src/tools/write-file.ts";
import { callError } from "./support/call.ts";
import { withRoot } from "./support/files.ts";
import { withWrites } from "./support/writes.ts";

test("a new file is written and its size and etag told", () =>
  withWrites({}, async ({ run, text, root }) => {
    const result = await run("write_file", { path: "a.txt", content: "hé\n" });
    expect(result).toMatchInlineSnapshot(
      { etag: expect.stringMatching(/^[\w-]{16}$/) },
      `
      {
        "created": true,
        "etag": StringMatching /\\^\\[\\\\w-\\]\\{16\\}\\$/,
        "path": "a.txt",
        "size": 4,
      }
    `,
    );
    expect(await text("a.txt")).toBe("h\u00c3\u00a9\n");
    expect((await readdir(root)).sort()).toEqual([".mcp-trash", "a.txt"]);
  }));

describe("encodings and line ends", () => {
  test.each([
    ["new, utf-16le with its mark", {}, { encoding: "utf-16le" }, "\xff\xfea\0\n\0"],
    ["new, lf made crlf", {}, { eol: "crlf" }, "a\r\n"],
    ["overwritten, as given", { f: "x\r\ny\r\n" }, {}, "a\n"],
    ["overwritten, mark kept", { f: "\ufeffx" }, {}, "\xef\xbb\xbfa\n"],
    ["appended, line ends of the file", { f: "x\r\n" }, { mode: "append" }, "x\r\na\r\n"],
    ["appended, as given", { f: "x\r\n" }, { mode: "append", eol: "lf" }, "x\r\na\n"],
    ["appended to nothing", {}, { mode: "append" }, "a\n"],
  ])("%s", (_, tree, input, expected) =>
    withWrites(tree, async ({ run, text }) => {
      await run("write_file", { path: "f", content: "a\n", ...input });
      expect(await text("f")).toBe(expected);
    }),
  );

  test("windows-1252 is kept when appended to, and what it cannot say is refused", () =>
    withWrites({ f: Buffer.from("caf\xe9\n", "latin1") }, async ({ run, fail, text }) => {
      await run("write_file", { path: "f", content: "€é", mode: "append" });
      expect(await text("f")).toBe("caf\xe9\n\x80\xe9");
      const input = { path: "f", content: "\u4f60", mode: "append" };
      expect(await fail("write_file", input)).toBe("unencodable");
      expect(await fail("write_file", { ...input, encoding: "utf-8" })).toBe("unencodable");
      expect(await text("f")).toBe("caf\xe9\n\x80\xe9");
    }));
});

test("the mode of a file stays, and that of a program too", () =>
  withWrites({ "run.sh": "#!/bin/sh\n" }, async ({ run, root }) => {
    await chmod(join(root, "run.sh"), 0o751);
    await run("write_file", { path: "run.sh", content: "#!/bin/sh\necho\n" });
    expect((await stat(join(root, "run.sh"))).mode & 0o777).toBe(0o751);
  }));

test("if_match takes the etag or the hash, and refuses a file that was changed", () =>
  withWrites({}, async ({ run, error, fail, text }) => {
    const { etag } = await run("write_file", { path: "f", content: "one" });
    await run("write_file", { path: "f", content: "two", if_match: etag });
    const stale = await error("write_file", { path: "f", content: "three", if_match: etag });
    expect(stale).toMatchObject({ code: "CONFLICT", details: { reason: "stale" } });
    const hash = "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3";
    await run("write_file", { path: "f", content: "four", if_match: hash });
    expect(await fail("write_file", { path: "f", content: "x", if_match: hash })).toBe("stale");
    expect(await fail("write_file", { path: "new", content: "x", if_match: hash })).toBe("stale");
    expect(await text("f")).toBe("four");
  }));

test.each([
  ["exists", { path: "f", mode: "create" }],
  ["not_a_file", { path: "sub" }],
  ["not_found", { path: "missing/f" }],
  ["not_a_directory", { path: "f/x" }],
  ["outside_root", { path: "../f" }],
  ["outside_root", { path: "/etc/f" }],
  ["symlink", { path: "out/f" }],
  ["symlink", { path: "dangling" }],
  ["denied_by_pattern", { path: ".env" }],
  ["denied_by_pattern", { path: ".mcp-trash/x" }],
  ["denied_by_pattern", { path: ".mcp-tmp-1" }],
  ["hard_link", { path: "twice" }],
  ["invalid_path", { path: "." }],
  ["invalid_path", { path: "aux.txt" }],
  ["invalid_path", { path: "f:stream" }],
  ["binary", { path: "bin", mode: "append" }],
  ["unencodable", { path: "f", content: "\ud800" }],
])("%s: %j", (reason, input) =>
  withWrites(
    {
      f: "old",
      sub: null,
      out: { link: ".." },
      dangling: { link: "../created" },
      twice: "2",
      bin: Buffer.from([0, 1, 2]),
    },
    async ({ root, fail, state }) => {
      await link(join(root, "twice"), join(root, "..", "twin"));
      const before = await state();
      expect(await fail("write_file", { content: "new", ...input })).toBe(reason);
      expect(await state()).toEqual(before);
      expect((await readdir(join(root, ".."))).sort()).toEqual(["root", "twin"]);
    },
  ),
);

test("a link that stays inside is written through and stays a link", () =>
  withWrites({ "sub/f": "old", ln: { link: "sub/f" } }, async ({ run, text, state }) => {
    expect(await run("write_file", { path: "ln", content: "new" })).toMatchObject({
      path: "sub/f",
    });
    expect(await text("sub/f")).toBe("new");
    expect((await state()).ln).toBe("link");
  }));

test("other names are written only on demand, and keep the old content", () =>
  withWrites(
    { f: "old" },
    async ({ root, run, text }) => {
      await link(join(root, "f"), join(root, "g"));
      await run("write_file", { path: "f", content: "new" });
      expect([await text("f"), await text("g")]).toEqual(["new", "old"]);
    },
    { WRITE_HARD_LINKS: "true" },
  ));

test("the content has an edge", () =>
  withWrites({}, async ({ run, error }) => {
    const most = "x".repeat(MAX_CONTENT_CHARS);
    expect(await run("write_file", { path: "f", content: most })).toMatchObject({
      size: MAX_CONTENT_CHARS,
    });
    const { code } = await error("write_file", { path: "f", content: `${most}x` });
    expect(code).toBe("VALIDATION_ERROR");
  }));

test("two writers at once leave the content of one", () =>
  withWrites({ f: "" }, async ({ run, text, root }) => {
    const contents = Array.from({ length: 20 }, (_, i) => String(i).repeat(5_000));
    await Promise.all(contents.map((content) => run("write_file", { path: "f", content })));
    expect(contents).toContain(await text("f"));
    expect((await readdir(root)).sort()).toEqual([".mcp-trash", "f"]);
  }));

test("appends at once are all there", () =>
  withWrites({}, async ({ run, text }) => {
    const all = Array.from({ length: 20 }, (_, i) => `line ${i}\n`);
    await Promise.all(
      all.map((content) => run("write_file", { path: "f", content, mode: "append" })),
    );
    expect((await text("f")).split(/(?<=\n)/).sort()).toEqual(all.sort());
  }));

test("without ALLOW_WRITE, and with READ_ONLY, there is no such tool", () =>
  withRoot({}, async (root) => {
    const input = { path: "f", content: "" };
    await expect(callError(root, "write_file", input)).rejects.toThrow("write_file");
    const env = { ALLOW_WRITE: "true", READ_ONLY: "true" };
    await expect(callError(root, "write_file", input, { env })).rejects.toThrow("write_file");
  }));

test("the working directory alone is not written to", () =>
  withRoot({}, async (root) => {
    const env = { ALLOW_WRITE: "true", ALLOWED_ROOTS: "" };
    const error = await callError(root, "write_file", { path: "f", content: "" }, { env });
    expect(error).toMatchObject({ code: "CONFIG_ERROR", details: { reason: "no_root" } });
  }));
