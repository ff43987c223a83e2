import { link, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MAX_NEW_FOLDERS } from "../src/write/make-directory.ts";
import { MAX_TREE_DEPTH } from "../src/write/scan-tree.ts";
import { withWrites } from "./support/writes.ts";

const hex = (text: string) => Buffer.from(text).toString("hex");

describe("create_directory", () => {
  test("makes those that are missing, and takes one that is there", () =>
    withWrites({}, async ({ run, state }) => {
      const made = await run("create_directory", { path: "a/b/c" });
      expect(made).toMatchInlineSnapshot(`
        {
          "created": true,
          "path": "a/b/c",
        }
      `);
      expect(await state()).toEqual({ a: "directory", "a/b": "directory", "a/b/c": "directory" });
      const again = await run("create_directory", { path: "a/b" });
      expect(again).toEqual({ path: "a/b", created: false });
    }));

  test.each([
    ["not_a_directory", "f"],
    ["not_a_directory", "f/x"],
    ["outside_root", "../x"],
    ["symlink", "out/x"],
    ["denied_by_pattern", ".ssh"],
    ["invalid_path", "a/nul"],
  ])("%s: %s", (reason, path) =>
    withWrites({ f: "", out: { link: ".." } }, async ({ root, fail, state }) => {
      const before = await state();
      expect(await fail("create_directory", { path })).toBe(reason);
      expect(await state()).toEqual(before);
      expect(await readdir(join(root, ".."))).toEqual(["root"]);
    }),
  );

  test("makes so many folders and no more", () =>
    withWrites({}, async ({ run, fail }) => {
      expect(await fail("create_directory", { path: "d/".repeat(MAX_NEW_FOLDERS + 1) })).toBe(
        "too_large",
      );
      await run("create_directory", { path: "d/".repeat(MAX_NEW_FOLDERS) });
    }));
});

describe("move_path", () => {
  test("moves a file", () =>
    withWrites({ f: "1", sub: null }, async ({ run, state }) => {
      const moved = await run("move_path", { source: "f", destination: "sub/g" });
      expect(moved).toMatchInlineSnapshot(`
        {
          "from": "f",
          "overwritten": false,
          "path": "sub/g",
        }
      `);
      expect(await state()).toEqual({ sub: "directory", "sub/g": hex("1") });
    }));

  test("moves a folder with all that is in it, and a link itself", () =>
    withWrites({ "a/b/c": "1", ln: { link: "/etc/passwd" } }, async ({ run, state }) => {
      await run("move_path", { source: "a", destination: "z" });
      await run("move_path", { source: "ln", destination: "z/ln" });
      expect(await state()).toEqual({
        z: "directory",
        "z/b": "directory",
        "z/b/c": hex("1"),
        "z/ln": "link",
      });
    }));

  test("replaces a file only on demand", () =>
    withWrites({ f: "1", g: "2" }, async ({ run, fail, state }) => {
      const input = { source: "f", destination: "g" };
      expect(await fail("move_path", input)).toBe("exists");
      expect(await state()).toEqual({ f: hex("1"), g: hex("2") });
      expect(await run("move_path", { ...input, overwrite: true })).toMatchObject({
        overwritten: true,
      });
      expect(await state()).toEqual({ g: hex("1") });
    }));

  test.each([
    ["exists", "f", "f"],
    ["exists", "f", "sub"],
    ["exists", "f", "dangling"],
    ["invalid_path", ".", "x"],
    ["not_found", "missing", "x"],
    ["outside_root", "../other", "x"],
    ["outside_root", "f", "../x"],
    ["symlink", "f", "out/x"],
    ["denied_by_pattern", "f", "id_rsa"],
    ["denied_by_pattern", "sub/.git", "sub/git"],
    ["denied_by_pattern", "sub", "x"],
  ])("%s: %s to %s", (reason, source, destination) =>
    withWrites(
      {
        f: "1",
        "sub/.git/config": "secret",
        empty: null,
        dangling: { link: "nothing" },
        out: { link: ".." },
      },
      async ({ root, fail, state }) => {
        await writeFile(join(root, "..", "other"), "outside");
        const before = await state();
        const overwrite = destination !== "dangling";
        expect(await fail("move_path", { source, destination, overwrite })).toBe(reason);
        expect(await state()).toEqual(before);
      },
    ),
  );

  test("a folder is never replaced nor moved into itself", () =>
    withWrites({ "a/f": "1", empty: null, g: "2" }, async ({ fail, state }) => {
      const before = await state();
      for (const [destination, reason] of [
        ["empty", "exists"],
        ["g", "exists"],
        ["a/b", "invalid_path"],
      ])
        expect(await fail("move_path", { source: "a", destination, overwrite: true })).toBe(reason);
      expect(await state()).toEqual(before);
    }));

  test("a tree too deep to be looked through stays", () =>
    withWrites({}, async ({ root, fail, run }) => {
      await mkdir(join(root, "top", "d/".repeat(MAX_TREE_DEPTH)), { recursive: true });
      await run("move_path", { source: "top", destination: "moved" });
      await mkdir(join(root, "moved", "d/".repeat(MAX_TREE_DEPTH + 1)), { recursive: true });
      expect(await fail("move_path", { source: "moved", destination: "x" })).toBe("too_large");
    }));
});

describe("copy_path", () => {
  test("copies a file", () =>
    withWrites({ f: "1" }, async ({ run, state }) => {
      const copied = await run("copy_path", { source: "f", destination: "g" });
      expect(copied).toMatchInlineSnapshot(`
        {
          "files": 1,
          "from": "f",
          "overwritten": false,
          "path": "g",
          "skipped": 0,
        }
      `);
      expect(await state()).toEqual({ f: hex("1"), g: hex("1") });
    }));

  test("copies a folder without links and without what is denied", () =>
    withWrites({ "a/b/c": "1", "a/.env": "2", "a/ln": { link: "b" } }, async ({ run, state }) => {
      const copied = await run("copy_path", { source: "a", destination: "z" });
      expect(copied).toMatchObject({ files: 1, skipped: 2 });
      const { z, "z/b": b, "z/b/c": c, ...rest } = await state();
      expect([z, b, c]).toEqual(["directory", "directory", hex("1")]);
      expect(Object.keys(rest).sort()).toEqual(["a", "a/.env", "a/b", "a/b/c", "a/ln"]);
    }));

  test("replaces a file only on demand", () =>
    withWrites({ f: "1", g: "2" }, async ({ run, fail, text }) => {
      const input = { source: "f", destination: "g" };
      expect(await fail("copy_path", input)).toBe("exists");
      expect(await text("g")).toBe("2");
      await run("copy_path", { ...input, overwrite: true });
      expect(await text("g")).toBe("1");
    }));

  test.each([
    ["exists", "a", "f"],
    ["exists", "f", "f"],
    ["invalid_path", "a", "a/b"],
    ["not_found", "missing", "x"],
    ["outside_root", "f", "../x"],
    ["symlink", "out", "x"],
    ["denied_by_pattern", "f", "x.pem"],
  ])("%s: %s to %s", (reason, source, destination) =>
    withWrites({ f: "1", "a/c": "", out: { link: "/etc/hosts" } }, async ({ fail, state }) => {
      const before = await state();
      expect(await fail("copy_path", { source, destination, overwrite: true })).toBe(reason);
      expect(await state()).toEqual(before);
    }),
  );
});

describe("delete_path", () => {
  test("moves a file to the trash", () =>
    withWrites({ f: "1" }, async ({ run, state }) => {
      expect(await run("delete_path", { path: "f" })).toMatchInlineSnapshot(`
        {
          "path": "f",
          "type": "file",
        }
      `);
      expect(await state()).toEqual({});
    }));

  test("a folder with something in it only on demand, a link itself always", () =>
    withWrites({ "a/f": "1", ln: { link: "a" } }, async ({ run, fail, state }) => {
      expect(await fail("delete_path", { path: "a" })).toBe("not_empty");
      await run("delete_path", { path: "ln" });
      await run("delete_path", { path: "a", recursive: true });
      expect(await state()).toEqual({});
    }));

  test.each([
    ["not_found", "missing"],
    ["invalid_path", "."],
    ["outside_root", ".."],
    ["symlink", "out/f"],
    ["denied_by_pattern", ".env"],
    ["denied_by_pattern", "a"],
    ["denied_by_pattern", ".mcp-trash"],
  ])("%s: %s", (reason, path) =>
    withWrites({ "a/.env": "", ".env": "", out: { link: ".." } }, async ({ fail, state }) => {
      const before = await state();
      expect(await fail("delete_path", { path, recursive: true })).toBe(reason);
      expect(await state()).toEqual(before);
    }),
  );
});

test("a trash that is a link elsewhere is not used", () =>
  withWrites({ f: "1" }, async ({ root, fail, state }) => {
    await mkdir(join(root, "..", "elsewhere"));
    await symlink(join(root, "..", "elsewhere"), join(root, ".mcp-trash"));
    const before = await state();
    expect(await fail("delete_path", { path: "f" })).toBe("no_permission");
    expect(await state()).toEqual(before);
    expect(await readdir(join(root, "..", "elsewhere"))).toEqual([]);
  }));

test("a file with other names is moved and deleted, because no content changes", () =>
  withWrites({ f: "1" }, async ({ root, run, state }) => {
    await link(join(root, "f"), join(root, "g"));
    await run("move_path", { source: "f", destination: "h" });
    await run("delete_path", { path: "h" });
    expect(await state()).toEqual({ g: hex("1") });
  }));

test("a folder is not moved into itself, and the refusal names what was asked for", () =>
  withWrites({ "d/a": "1" }, async ({ error, state }) => {
    const before = await state();
    for (const destination of ["d/e", "d"])
      expect((await error("move_path", { source: "d", destination })).details).toEqual({
        reason: "invalid_path",
        path: destination,
      });
    expect(await state()).toEqual(before);
  }));

test("dots behind a folder that is still to be made lead where they would if it were there", () =>
  withWrites({}, async ({ run, state }) => {
    expect(await run("create_directory", { path: "new/../made" })).toMatchObject({ path: "made" });
    expect(Object.keys(await state()).sort()).toEqual(["made", "new"]);
  }));
