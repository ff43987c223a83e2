import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, rename, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ZipFile } from "yazl";
import {
  MAX_ARCHIVE_DEPTH,
  MAX_ARCHIVE_ENTRIES,
  MAX_RATIO,
  MAX_UNPACKED_BYTES,
} from "../src/archive/zip-reading.ts";
import { MAX_SOURCES } from "../src/tools/create-archive.ts";
import { MAX_LISTED } from "../src/tools/list-archive.ts";
import { withWrites } from "./support/writes.ts";
import { renamed, writeZip } from "./support/zips.ts";

const names = async (root: string) => (await readdir(root)).filter((name) => name !== ".mcp-trash");

test("files and folders are packed, listed and unpacked as they were", () =>
  withWrites(
    {
      "src/a.txt": "alpha\n",
      "src/deep/b.bin": Buffer.from([0, 1, 2, 255]),
      "src/empty/x": "",
      "src/.env": "secret",
      "src/ln": { link: "a.txt" },
      "one.md": "# one\n",
    },
    async ({ root, run, text }) => {
      const input = { sources: ["src", "one.md"], destination: "all.zip" };
      const made = await run("create_archive", input);
      expect(made).toMatchInlineSnapshot(
        { size: expect.any(Number) },
        `
        {
          "files": 4,
          "path": "all.zip",
          "size": Any<Number>,
          "skipped": 2,
        }
      `,
      );
      const listed = await run("list_archive", { path: "all.zip" });
      const entries = listed.entries as { path: string; modified: string }[];
      expect({
        ...listed,
        entries: entries.map(({ modified: _, ...entry }) => entry),
      }).toMatchInlineSnapshot(`
        {
          "denied": 0,
          "entries": [
            {
              "packed": 0,
              "path": "src",
              "size": 0,
              "type": "directory",
            },
            {
              "packed": 8,
              "path": "src/a.txt",
              "size": 6,
              "type": "file",
            },
            {
              "packed": 0,
              "path": "src/deep",
              "size": 0,
              "type": "directory",
            },
            {
              "packed": 6,
              "path": "src/deep/b.bin",
              "size": 4,
              "type": "file",
            },
            {
              "packed": 0,
              "path": "src/empty",
              "size": 0,
              "type": "directory",
            },
            {
              "packed": 2,
              "path": "src/empty/x",
              "size": 0,
              "type": "file",
            },
            {
              "packed": 8,
              "path": "one.md",
              "size": 6,
              "type": "file",
            },
          ],
          "path": "all.zip",
          "total": 7,
        }
      `);
      const out = await run("extract_archive", { path: "all.zip", destination: "out" });
      expect(out).toMatchInlineSnapshot(`
        {
          "bytes": 16,
          "files": 4,
          "path": "out",
          "skipped": 0,
        }
      `);
      expect(await text("out/src/a.txt")).toBe("alpha\n");
      expect(await readFile(join(root, "out/src/deep/b.bin"))).toEqual(Buffer.from([0, 1, 2, 255]));
      expect(await readdir(join(root, "out/src"))).toEqual(["a.txt", "deep", "empty"]);
    },
  ));

test("what was packed and unpacked is undone", () =>
  withWrites({ "a/b.txt": "b" }, async ({ root, run, state }) => {
    const before = await state();
    await run("create_archive", { sources: ["a"], destination: "a.zip" });
    await run("extract_archive", { path: "a.zip", destination: "out" });
    expect(await names(root)).toEqual(["a", "a.zip", "out"]);
    expect((await run("undo_changes", { count: 2 })).undone).toEqual([
      { operation: "extract", path: "out" },
      { operation: "archive", path: "a.zip" },
    ]);
    expect(await state()).toEqual(before);
  }));

test("the file mode stays where it says that something can be run", () =>
  withWrites({}, async ({ root, run }) => {
    await writeFile(join(root, "run.sh"), "#!/bin/sh\n", { mode: 0o755 });
    await run("create_archive", { sources: ["run.sh"], destination: "a.zip" });
    await run("extract_archive", { path: "a.zip", destination: "out" });
    expect((await stat(join(root, "out/run.sh"))).mode & 0o111).toBe(0o111);
  }));

test("nothing is written over, and no two sources have one name", () =>
  withWrites({ "a/x": "1", "b/x": "2", "x.zip": "old" }, async ({ run, fail, state }) => {
    const before = await state();
    const pack = (sources: string[], destination: string) =>
      fail("create_archive", { sources, destination });
    expect(await pack(["a"], "x.zip")).toBe("exists");
    expect(await pack(["a/x", "b/x"], "n.zip")).toBe("exists");
    expect(await pack(["a", "nothing"], "n.zip")).toBe("not_found");
    expect(await state()).toEqual(before);
    await run("create_archive", { sources: ["a"], destination: "n.zip" });
    expect(await fail("extract_archive", { path: "n.zip", destination: "b" })).toBe("exists");
  }));

describe("an archive that is not safe is refused whole, listed or unpacked", () => {
  const cases: [string, (zip: ZipFile) => void, string][] = [
    ["a link", (zip) => zip.addBuffer(Buffer.from("/etc"), "ln", { mode: 0o120777 }), "symlink"],
    ["a device", (zip) => zip.addBuffer(Buffer.from(""), "d", { mode: 0o020666 }), "special_file"],
    ["a colon", (zip) => zip.addBuffer(Buffer.from(""), "ab:c"), "outside_root"],
    ["a device of Windows", (zip) => zip.addBuffer(Buffer.from(""), "aux.c"), "outside_root"],
    ["a control character", (zip) => zip.addBuffer(Buffer.from(""), "a\u001bb"), "outside_root"],
    [
      "too many times its size",
      (zip) => zip.addBuffer(Buffer.alloc(2 ** 21), "zeros"),
      "too_large",
    ],
    [
      "too deep",
      (zip) => zip.addBuffer(Buffer.from("x"), `${"d/".repeat(MAX_ARCHIVE_DEPTH)}f`),
      "too_large",
    ],
  ];

  test.each(cases)("%s", (_, fill, reason) =>
    withWrites({}, async ({ root, fail }) => {
      await writeZip(join(root, "a.zip"), (zip) => {
        zip.addBuffer(Buffer.from("first"), "first.txt");
        fill(zip);
      });
      expect(await fail("list_archive", { path: "a.zip" })).toBe(reason);
      expect(await fail("extract_archive", { path: "a.zip", destination: "out" })).toBe(reason);
      expect(await names(root)).toEqual(["a.zip"]);
    }),
  );

  test.each(["../x", "/x/", "a/../../x", "..", "C:/x", "a\\..\\x"])("the name %j", (name) =>
    withWrites({}, async ({ root, fail }) => {
      await writeZip(join(root, "a.zip"), (zip) =>
        zip.addBuffer(Buffer.from("x"), "N".repeat(name.length)),
      );
      await renamed(join(root, "a.zip"), "N".repeat(name.length), name);
      expect(await fail("extract_archive", { path: "a.zip", destination: "out" })).toMatch(
        /bad_archive|outside_root/,
      );
      expect(await names(root)).toEqual(["a.zip"]);
    }),
  );

  test("what is no zip, is cut, or says less than it holds", () =>
    withWrites({ "no.zip": "no zip", "empty.zip": "" }, async ({ root, fail }) => {
      await writeZip(join(root, "a.zip"), (zip) => zip.addBuffer(Buffer.alloc(9_000, "ab"), "f"));
      const whole = await readFile(join(root, "a.zip"));
      await writeFile(join(root, "cut.zip"), whole.subarray(0, whole.length - 30));
      const damaged = Buffer.from(whole);
      damaged.fill(0xff, 40, 60);
      await writeFile(join(root, "damaged.zip"), damaged);
      const lying = Buffer.from(whole);
      // the size, unpacked, in the central directory
      lying.writeUInt32LE(5, whole.indexOf("PK\u0001\u0002", 0, "latin1") + 24);
      await writeFile(join(root, "lying.zip"), lying);
      for (const path of ["no.zip", "empty.zip", "cut.zip", "damaged.zip", "lying.zip"])
        expect(await fail("extract_archive", { path, destination: "out" }), path).toBe(
          "bad_archive",
        );
      expect(await fail("list_archive", { path: "no.zip" })).toBe("bad_archive");
      expect((await names(root)).filter((name) => !name.endsWith(".zip"))).toEqual([]);
    }));

  test("the same name twice", () =>
    withWrites({}, async ({ root, fail }) => {
      await writeZip(join(root, "a.zip"), (zip) => {
        zip.addBuffer(Buffer.from("1"), "f");
        zip.addBuffer(Buffer.from("2"), "f");
      });
      expect(await fail("extract_archive", { path: "a.zip", destination: "out" })).toBe(
        "bad_archive",
      );
      expect(await names(root)).toEqual(["a.zip"]);
    }));
});

test("a name that is too long is told of the archive, not of the path", () =>
  withWrites({}, async ({ root, run, fail }) => {
    await writeZip(join(root, "a.zip"), (zip) => zip.addBuffer(Buffer.alloc(0), "n".repeat(256)));
    expect(await run("list_archive", { path: "a.zip" })).toMatchObject({ total: 1 });
    expect(await fail("extract_archive", { path: "a.zip", destination: "out" })).toBe(
      "bad_archive",
    );
    expect(await names(root)).toEqual(["a.zip"]);
  }));

test("a cursor is of the archive that it was given for, and of no other that took its place", () =>
  withWrites({}, async ({ root, run, fail }) => {
    for (const name of ["a", "b"])
      await writeZip(join(root, `${name}.zip`), (zip) => {
        for (let i = 0; i <= MAX_LISTED; i += 1) zip.addBuffer(Buffer.alloc(0), `${name}${i}`);
      });
    const { next_cursor: cursor } = await run("list_archive", { path: "a.zip" });
    await rename(join(root, "b.zip"), join(root, "a.zip"));
    expect(await fail("list_archive", { path: "a.zip", cursor })).toBe("query");
  }));

describe("limits have edges", () => {
  test("the number of entries", () =>
    withWrites({}, async ({ root, run, fail }) => {
      const many = (count: number) => (zip: ZipFile) => {
        for (let i = 0; i < count; i += 1)
          zip.addBuffer(Buffer.alloc(0), `f${i}`, { compress: false });
      };
      await writeZip(join(root, "most.zip"), many(MAX_ARCHIVE_ENTRIES));
      await writeZip(join(root, "more.zip"), many(MAX_ARCHIVE_ENTRIES + 1));
      const first = await run("list_archive", { path: "most.zip" });
      expect(first).toMatchObject({ total: MAX_ARCHIVE_ENTRIES });
      expect(first.entries).toHaveLength(MAX_LISTED);
      const next = await run("list_archive", { path: "most.zip", cursor: first.next_cursor });
      expect((next.entries as { path: string }[])[0]?.path).toBe(`f${MAX_LISTED}`);
      expect(await fail("list_archive", { path: "more.zip" })).toBe("too_large");
    }));

  test("the depth", () =>
    withWrites({}, async ({ root, run, fail }) => {
      const path = "d/".repeat(MAX_ARCHIVE_DEPTH - 1);
      await writeZip(join(root, "a.zip"), (zip) => zip.addBuffer(Buffer.from("x"), `${path}f`));
      await run("extract_archive", { path: "a.zip", destination: "out" });
      await mkdir(join(root, "out", path, "e"), { recursive: true });
      const pack = (sources: string[]) => ({ sources, destination: `${sources.length}.zip` });
      expect(await fail("create_archive", pack(["out"]))).toBe("too_large");
      await run("create_archive", pack(["out/d/d", "a.zip"]));
    }));

  test("how many times larger a file is than packed", () =>
    withWrites({}, async ({ root, run, fail }) => {
      const size = 2 ** 20 + 1;
      await writeZip(join(root, "a.zip"), (zip) => zip.addBuffer(Buffer.alloc(size), "zeros"));
      const bytes = await readFile(join(root, "a.zip"));
      const at = bytes.indexOf("PK\u0001\u0002", 0, "latin1") + 20;
      bytes.writeUInt32LE(Math.ceil(size / MAX_RATIO), at);
      await writeFile(join(root, "most.zip"), bytes);
      await run("list_archive", { path: "most.zip" });
      bytes.writeUInt32LE(Math.ceil(size / MAX_RATIO) - 1, at);
      await writeFile(join(root, "more.zip"), bytes);
      expect(await fail("list_archive", { path: "more.zip" })).toBe("too_large");
    }));

  test("the bytes of all files, as the archive tells and as they are packed", () =>
    withWrites({}, async ({ root, run, fail }) => {
      await writeZip(join(root, "a.zip"), (zip) => zip.addBuffer(Buffer.from("x"), "f"));
      const bytes = await readFile(join(root, "a.zip"));
      const at = bytes.indexOf("PK\u0001\u0002", 0, "latin1") + 20;
      bytes.writeUInt32LE(MAX_UNPACKED_BYTES, at);
      bytes.writeUInt32LE(MAX_UNPACKED_BYTES, at + 4);
      await writeFile(join(root, "most.zip"), bytes);
      await run("list_archive", { path: "most.zip" });
      bytes.writeUInt32LE(MAX_UNPACKED_BYTES + 1, at + 4);
      await writeFile(join(root, "more.zip"), bytes);
      expect(await fail("list_archive", { path: "more.zip" })).toBe("too_large");
      execFileSync("truncate", ["-s", String(MAX_UNPACKED_BYTES + 1), join(root, "big")]);
      expect(await fail("create_archive", { sources: ["big"], destination: "b.zip" })).toBe(
        "too_large",
      );
    }));

  test("the number of sources", () =>
    withWrites({ a: "" }, async ({ run, error }) => {
      const some = Array.from({ length: MAX_SOURCES }, (_, i) => `f${i}`);
      for (const path of some) await run("copy_path", { source: "a", destination: path });
      await run("create_archive", { sources: some, destination: "s.zip" });
      const more = await error("create_archive", { sources: [...some, "a"], destination: "t.zip" });
      expect(more.code).toBe("VALIDATION_ERROR");
    }));
});

test("the trash and what is being written are in no archive of the whole root", () =>
  withWrites({ a: "1" }, async ({ run }) => {
    await run("write_file", { path: "a", content: "2" });
    await run("create_archive", { sources: ["."], destination: "all.zip" });
    const { entries } = await run("list_archive", { path: "all.zip" });
    const paths = (entries as { path: string }[]).map(({ path }) =>
      path.split("/").slice(1).join("/"),
    );
    expect(paths).toEqual(["", "a"]);
  }));

test("a folder that a link leads out of is packed without it", () =>
  withWrites({ "d/a": "1" }, async ({ root, run }) => {
    await symlink("/etc/passwd", join(root, "d/out"));
    expect(await run("create_archive", { sources: ["d"], destination: "d.zip" })).toMatchObject({
      files: 1,
      skipped: 1,
    });
  }));
