import { open } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MAX_RESULT_BYTES } from "#shared/core/result.ts";
import { server } from "../src/server.ts";
import { MAX_LINE_BYTES, MAX_READ_BYTES, MIN_READ_BYTES } from "../src/text/excerpt.ts";
import { callTool } from "./shared/testing/call.ts";
import { call, callError, refusal } from "./support/call.ts";
import { withRoot } from "./support/files.ts";

const read = (root: string, input: Record<string, unknown>) => call(root, "read_text_file", input);
const etagAny = { etag: expect.any(String) };
const lines = (count: number) =>
  Array.from({ length: count }, (_, i) => `line ${i + 1}\n`).join("");

test("a small file comes whole", () =>
  withRoot({ "sub/a.txt": "alpha\nbravo\n" }, async (root) => {
    expect(await read(root, { path: "sub/a.txt" })).toMatchInlineSnapshot(
      etagAny,
      `
      {
        "bom": false,
        "content": "alpha
      bravo
      ",
        "cut_offsets": [],
        "encoding": "utf-8",
        "end_line": 2,
        "etag": Any<String>,
        "invalid_bytes": false,
        "line_endings": "lf",
        "more_after": false,
        "path": "sub/a.txt",
        "size": 12,
        "start_line": 1,
        "start_offset": 0,
        "total_lines": 2,
      }
    `,
    );
  }));

test("an empty file is text of no lines", () =>
  withRoot({ empty: "" }, async (root) => {
    for (const part of [{}, { head: 3 }, { tail: 3 }, { offset: 0 }])
      expect(await read(root, { path: "empty", ...part })).toMatchObject({
        content: "",
        line_endings: "none",
        more_after: false,
      });
  }));

test("a range of lines says how to go on", () =>
  withRoot({ a: lines(10) }, async (root) => {
    expect(await read(root, { path: "a", start_line: 3, end_line: 4 })).toMatchInlineSnapshot(
      etagAny,
      `
      {
        "bom": false,
        "content": "line 3
      line 4
      ",
        "cut_offsets": [],
        "encoding": "utf-8",
        "end_line": 4,
        "etag": Any<String>,
        "invalid_bytes": false,
        "line_endings": "lf",
        "more_after": true,
        "next_offset": 28,
        "next_start_line": 5,
        "path": "a",
        "size": 71,
        "start_line": 3,
        "start_offset": 14,
      }
    `,
    );
  }));

test("head and tail give the first and the last lines", () =>
  withRoot({ a: lines(10) }, async (root) => {
    expect(await read(root, { path: "a", head: 2 })).toMatchObject({
      content: "line 1\nline 2\n",
      next_start_line: 3,
    });
    expect(await read(root, { path: "a", tail: 2 })).toMatchObject({
      content: "line 9\nline 10\n",
      start_line: 9,
      total_lines: 10,
      more_after: false,
    });
  }));

test("only one way to choose a part can be used", () =>
  withRoot({ a: lines(3) }, async (root) => {
    for (const input of [
      { head: 1, tail: 1 },
      { start_line: 1, head: 1 },
      { end_line: 2, offset: 0 },
    ])
      expect(await refusal(root, "read_text_file", { path: "a", ...input })).toBe("invalid_range");
    const backwards = { path: "a", start_line: 3, end_line: 2 };
    expect(await callError(root, "read_text_file", backwards)).toMatchInlineSnapshot(`
      {
        "code": "VALIDATION_ERROR",
        "details": {
          "path": "a",
          "reason": "invalid_range",
        },
        "message": ""a": end_line comes before start_line.",
        "timestamp": "2026-01-01T00:00:00.000Z",
      }
    `);
  }));

test.each([{ head: -1 }, { tail: 0 }, { head: 1.5 }, { offset: -1 }, { start_line: 0 }])(
  "%o is no part of a file",
  (input) =>
    withRoot({ a: lines(3) }, async (root) => {
      const error = await callError(root, "read_text_file", { path: "a", ...input });
      expect(error.code).toBe("VALIDATION_ERROR");
    }),
);

test("what lies behind the end is refused and the size is told", () =>
  withRoot({ a: lines(3), b: "no newline" }, async (root) => {
    expect(
      await callError(root, "read_text_file", { path: "a", start_line: 4 }),
    ).toMatchInlineSnapshot(`
      {
        "code": "VALIDATION_ERROR",
        "details": {
          "path": "a",
          "reason": "invalid_range",
          "total_lines": 3,
        },
        "message": ""a": Line 4 is behind the end: the file has 3 lines.",
        "timestamp": "2026-01-01T00:00:00.000Z",
      }
    `);
    expect(await read(root, { path: "b", start_line: 1 })).toMatchObject({ total_lines: 1 });
    expect(
      (await callError(root, "read_text_file", { path: "b", start_line: 2 })).details,
    ).toMatchObject({ total_lines: 1 });
    expect(await refusal(root, "read_text_file", { path: "b", offset: 11 })).toBe("invalid_range");
    expect(await read(root, { path: "b", offset: 10 })).toMatchObject({ content: "" });
  }));

test.each([
  [
    "UTF-8 with a mark",
    Buffer.from("\ufeffgrüß\n"),
    { content: "grüß\n", encoding: "utf-8", bom: true, start_offset: 3 },
  ],
  [
    "UTF-16LE",
    Buffer.from("\ufeffgrüß\r\n", "utf16le"),
    { content: "grüß\r\n", encoding: "utf-16le", bom: true, line_endings: "crlf", total_lines: 1 },
  ],
  [
    "UTF-16BE",
    Buffer.from("\ufeff€\n€", "utf16le").swap16(),
    { content: "€\n€", encoding: "utf-16be", total_lines: 2 },
  ],
  [
    "Windows-1252",
    Buffer.from([0x93, 0xe9, 0x94, 0x0a]),
    { content: "“é”\n", encoding: "windows-1252" },
  ],
  [
    "Latin-1 without a line end",
    Buffer.from([0x63, 0x61, 0x66, 0xe9]),
    { content: "café", encoding: "windows-1252" },
  ],
  ["ASCII", Buffer.from("plain\r"), { encoding: "utf-8", line_endings: "cr", total_lines: 1 }],
  ["mixed line ends", Buffer.from("a\r\nb\n"), { line_endings: "mixed" }],
  [
    "UTF-8 with a damaged byte",
    Buffer.concat([Buffer.from("ü".repeat(5_000)), Buffer.from([0xff])]),
    { encoding: "utf-8", invalid_bytes: true },
  ],
])("%s is recognised", (_, bytes, expected) =>
  withRoot({ a: bytes }, async (root) => {
    expect(await read(root, { path: "a" })).toMatchObject({ invalid_bytes: false, ...expected });
  }),
);

test.each([
  ["zero bytes", Buffer.from("MZ\0\0")],
  [
    "zero bytes behind text",
    Buffer.concat([Buffer.from("text\n".repeat(3_000)), Buffer.from([0])]),
  ],
  ["UTF-32", Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0])],
  ["control characters where no UTF-8 is", Buffer.from([0x89, 0x01, 0xfe, 0x0a])],
  ["mostly control characters", Buffer.from("\u0001\u0002\u0003abc")],
])("%s are binary", (_, bytes) =>
  withRoot({ "a.bin": bytes }, async (root) => {
    expect(await callError(root, "read_text_file", { path: "a.bin" })).toMatchObject({
      code: "VALIDATION_ERROR",
      details: { reason: "binary", path: "a.bin" },
    });
  }),
);

test("a line that is too long is cut, and offset gets the rest", () =>
  withRoot({ a: `short\n${"x".repeat(MAX_LINE_BYTES + 100)}\nlast\n` }, async (root) => {
    const result = await read(root, { path: "a" });
    expect(result).toMatchObject({
      cut_offsets: [6 + MAX_LINE_BYTES],
      total_lines: 3,
      more_after: false,
    });
    expect(result.content).toMatch(/x…\[line 2 is cut here; the rest: offset=16390\]\nlast\n$/);
    const rest = await read(root, { path: "a", offset: 6 + MAX_LINE_BYTES });
    expect(rest.content).toBe(`${"x".repeat(100)}\nlast\n`);
  }));

test("a line of the greatest length is not cut", () =>
  withRoot({ a: `${"x".repeat(MAX_LINE_BYTES - 1)}\n` }, async (root) => {
    expect(await read(root, { path: "a" })).toMatchObject({ cut_offsets: [], total_lines: 1 });
  }));

test("the fewest bytes show a beginning, and following the offsets shows all", () =>
  withRoot({ a: "€".repeat(40) }, async (root) => {
    let content = "";
    let offset: unknown = 0;
    while (offset !== undefined) {
      const part = await read(root, { path: "a", offset, max_bytes: MIN_READ_BYTES });
      content += part.content;
      offset = part.next_offset;
    }
    expect(content).toBe("€".repeat(40));
  }));

test("the worst text of the greatest length stays under the megabyte", () =>
  withRoot(
    { a: "\u001b".repeat(MAX_READ_BYTES + 1), q: `${'"\\'.repeat(30)}\n`.repeat(3_000) },
    async (root) => {
      for (const input of [
        { path: "a" },
        { path: "a", tail: 1 },
        { path: "a", offset: 1 },
        { path: "q" },
      ]) {
        const env = { ALLOWED_ROOTS: root };
        const result = await callTool(server, "read_text_file", input, { env });
        expect(result.isError).toBeUndefined();
        expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(MAX_RESULT_BYTES);
      }
    },
  ));

test("a last line that is too long is cut in front", () =>
  withRoot({ a: `first\n${"x".repeat(50)}` }, async (root) => {
    expect(await read(root, { path: "a", tail: 1, max_bytes: 16 })).toMatchObject({
      content: `[this line begins before offset=40]…${"x".repeat(16)}`,
      start_offset: 40,
    });
  }));

test("max_bytes has an edge", () =>
  withRoot({ a: "x" }, async (root) => {
    expect(await read(root, { path: "a", max_bytes: MAX_READ_BYTES })).toMatchObject({ size: 1 });
    for (const max_bytes of [MAX_READ_BYTES + 1, MIN_READ_BYTES - 1]) {
      const error = await callError(root, "read_text_file", { path: "a", max_bytes });
      expect(error.code).toBe("VALIDATION_ERROR");
    }
  }));

test("the ends of a file of 8 GB come at once", () =>
  withRoot({ huge: `first\n${"-".repeat(9_000)}\n` }, async (root) => {
    const size = 8 * 1024 ** 3;
    const file = await open(join(root, "huge"), "r+");
    await file.write(`\nlast\n${"-".repeat(65_535)}\n`, size);
    await file.close();
    expect(await read(root, { path: "huge", head: 1 })).toMatchObject({ content: "first\n" });
    const tail = await read(root, { path: "huge", tail: 1 });
    expect(tail).toMatchObject({ more_after: false, cut_offsets: [] });
    expect(tail.start_offset).toBe(size + 6);
  }));

test("a directory and a missing file are refused", () =>
  withRoot({ dir: null }, async (root) => {
    expect(await callError(root, "read_text_file", { path: "dir" })).toMatchInlineSnapshot(`
      {
        "code": "VALIDATION_ERROR",
        "details": {
          "path": "dir",
          "reason": "not_a_file",
        },
        "message": ""dir": This is a directory; use list_directory.",
        "timestamp": "2026-01-01T00:00:00.000Z",
      }
    `);
    expect(await refusal(root, "read_text_file", { path: "dir/none" })).toBe("not_found");
  }));
