import { chmod, readFile, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MAX_DIFF_CHARS } from "../src/edit/diff.ts";
import { MAX_EDIT_BYTES } from "../src/tools/edit-file.ts";
import { cpuMsOf } from "./support/cpu.ts";
import { withWrites } from "./support/writes.ts";

const edit = (from: string, to: string, count = 1) => ({ old: from, new: to, count });

test("an exact text is replaced, and the diff shows it", () =>
  withWrites({ f: "one\ntwo\nthree\nfour\nfive\nsix\n" }, async ({ run, text }) => {
    const edits = [edit("three", "THREE"), edit("six\n", "six\nseven\n")];
    expect(await run("edit_file", { path: "f", edits })).toMatchInlineSnapshot(
      {
        etag: expect.any(String),
      },
      `
      {
        "diff": "--- f
      +++ f
      @@ -1,6 +1,7 @@
       one
       two
      -three
      -four
      -five
      -six
      +THREE
      +four
      +five
      +six
      +seven
      ",
        "etag": Any<String>,
        "path": "f",
        "replaced": 2,
        "written": true,
      }
    `,
    );
    expect(await text("f")).toBe("one\ntwo\nTHREE\nfour\nfive\nsix\nseven\n");
  }));

test("a dry run shows the same and writes nothing", () =>
  withWrites({ f: "one\n" }, async ({ run, text }) => {
    const edits = [edit("one", "1")];
    const dry = await run("edit_file", { path: "f", edits, dry_run: true });
    expect(dry).toMatchObject({ written: false, replaced: 1 });
    expect(await text("f")).toBe("one\n");
    expect((await run("edit_file", { path: "f", edits })).diff).toBe(dry.diff);
  }));

test.each([
  ["crlf stays", "alpha\r\nbeta\r\n", edit("beta", "BETA"), "alpha\r\nBETA\r\n"],
  ["a line feed fits crlf", "a\r\nb\r\nc\r\n", edit("a\nb\n", "A\nB\nX\n"), "A\r\nB\r\nX\r\nc\r\n"],
  ["mixed ends stay, line by line", "a\r\nb\nc\r\n", edit("a\nb\nc", "A\nB\nC"), "A\r\nB\nC\r\n"],
  ["a new line ends as the next", "a\r\nb\r\n", edit("a", "a\nx"), "a\r\nx\r\nb\r\n"],
  ["the mark stays", "\xef\xbb\xbfa\n", edit("a", "b"), "\xef\xbb\xbfb\n"],
  ["no last line end is added", "a\nb", edit("b", "c"), "a\nc"],
  ["windows-1252 stays", "caf\xe9\n", edit("caf", "CAF"), "CAF\xe9\n"],
  ["utf-16le", "\xff\xfea\0\n\0", edit("a", "b"), "\xff\xfeb\0\n\0"],
  ["utf-16be", "\xfe\xff\0a\0\n", edit("a\n", "b\n"), "\xfe\xff\0b\0\n"],
  ["dollars are only dollars", "alpha", edit("alpha", "[$&$1$$]"), "[$&$1$$]"],
  ["all of a number", "x\nx\nx\n", edit("x", "y", 3), "y\ny\ny\n"],
  ["bytes that fit nothing stay", "\xe2\x82\xacab\xff\n", edit("a", "A"), "\xe2\x82\xacAb\xff\n"],
])("%s", (_, before, one, after) =>
  withWrites({ f: Buffer.from(before, "latin1") }, async ({ run, text }) => {
    await run("edit_file", { path: "f", edits: [one] });
    expect(await text("f")).toBe(after);
  }),
);

test.each([
  ["no_match", [edit("nope", "x")]],
  ["no_match", [edit("x", "y", 3), edit("NOPE", "x")]],
  ["ambiguous_match", [edit("x", "y")]],
  ["ambiguous_match", [edit("x", "y", 4)]],
  ["overlap", [edit("x\nx", "y"), edit("x\nx\nx", "z")]],
  ["unencodable", [edit("x", "\udc00", 3)]],
])("%s: nothing is written", (reason, edits) =>
  withWrites({ f: "x\nx\nx\n" }, async ({ fail, text }) => {
    expect(await fail("edit_file", { path: "f", edits })).toBe(reason);
    expect(await text("f")).toBe("x\nx\nx\n");
  }),
);

test("what is there too often is told with its lines", () =>
  withWrites({ f: "x\ny\nx\n" }, async ({ error }) => {
    expect((await error("edit_file", { path: "f", edits: [edit("x", "z")] })).details).toEqual({
      reason: "ambiguous_match",
      path: "f",
      edit: 0,
      found: 2,
      count: 1,
      lines: [1, 3],
    });
  }));

test("an empty old text is no input", () =>
  withWrites({ f: "x" }, async ({ error }) => {
    const { code } = await error("edit_file", { path: "f", edits: [edit("", "y")] });
    expect(code).toBe("VALIDATION_ERROR");
  }));

test("missing, binary and stale files are refused", () =>
  withWrites({ f: "x", bin: Buffer.from([0, 1]) }, async ({ fail }) => {
    const edits = [edit("x", "y")];
    expect(await fail("edit_file", { path: "g", edits })).toBe("not_found");
    expect(await fail("edit_file", { path: "bin", edits })).toBe("binary");
    expect(await fail("edit_file", { path: "f", edits, if_match: "0".repeat(16) })).toBe("stale");
  }));

test("the mode stays", () =>
  withWrites({ f: "x" }, async ({ run, root }) => {
    await chmod(join(root, "f"), 0o700);
    await run("edit_file", { path: "f", edits: [edit("x", "y")] });
    expect((await stat(join(root, "f"))).mode & 0o777).toBe(0o700);
  }));

test("the size of a file and the length of a diff have edges", () =>
  withWrites({ f: "a\n".repeat(20_000) }, async ({ run, fail, root }) => {
    const edits = [edit("a\n".repeat(20_000), "b\n".repeat(20_000))];
    const { diff } = await run("edit_file", { path: "f", edits });
    expect(String(diff).length).toBeLessThan(MAX_DIFF_CHARS + 100);
    expect(diff).toContain("the rest of the diff is left out");
    await truncate(join(root, "f"), MAX_EDIT_BYTES + 1);
    expect(await fail("edit_file", { path: "f", edits: [edit("b", "c")] })).toBe("too_large");
    await truncate(join(root, "f"), MAX_EDIT_BYTES);
    expect(await fail("edit_file", { path: "f", edits: [edit("zz", "c")] })).toBe("no_match");
  }));

test("texts that repeat themselves are searched in time", () =>
  withWrites({ f: "a\r\n".repeat(1_000_000) }, async ({ fail }) => {
    const old = `${"a\n".repeat(100_000)}b`;
    const ms = await cpuMsOf(async () =>
      expect(await fail("edit_file", { path: "f", edits: [edit(old, "x")] })).toBe("no_match"),
    );
    expect(ms).toBeLessThan(5_000);
  }));

test("half a pair at the end of a file that was cut short stays", () => {
  const cut = Buffer.concat([Buffer.from("\ufeffabc", "utf16le"), Buffer.from("d")]);
  return withWrites({ f: cut }, async ({ root, run }) => {
    await run("edit_file", { path: "f", edits: [edit("b", "B")] });
    const after = Buffer.concat([Buffer.from("\ufeffaBc", "utf16le"), Buffer.from("d")]);
    expect(await readFile(join(root, "f"))).toEqual(after);
  });
});
