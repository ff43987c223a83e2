import { readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { withWrites } from "./support/writes.ts";

const tree = { f: "old\r\n", "sub/g": "g", "sub/deep/h": "h" };

test("the last changes are taken back, the newest first", () =>
  withWrites(tree, async ({ run, state }) => {
    const before = await state();
    await run("write_file", { path: "f", content: "new" });
    await run("delete_path", { path: "sub", recursive: true });
    expect(await run("undo_changes", { count: 2 })).toMatchInlineSnapshot(`
      {
        "undone": [
          {
            "operation": "delete",
            "path": "sub",
          },
          {
            "operation": "write",
            "path": "f",
          },
        ],
      }
    `);
    expect(await state()).toEqual(before);
  }));

describe("each change comes back byte for byte", () => {
  test.each([
    ["write_file", { path: "f", content: "x" }],
    ["write_file", { path: "new", content: "x" }],
    ["write_file", { path: "f", content: "x", mode: "append" }],
    ["edit_file", { path: "f", edits: [{ old: "old", new: "x" }] }],
    ["create_directory", { path: "made" }],
    ["move_path", { source: "f", destination: "moved" }],
    ["move_path", { source: "sub", destination: "moved" }],
    ["move_path", { source: "f", destination: "sub/g", overwrite: true }],
    ["copy_path", { source: "f", destination: "copied" }],
    ["copy_path", { source: "f", destination: "sub/g", overwrite: true }],
    ["copy_path", { source: "sub", destination: "copied" }],
    ["delete_path", { path: "f" }],
    ["delete_path", { path: "sub", recursive: true }],
  ])("%s %j", (tool, input) =>
    withWrites(tree, async ({ run, state }) => {
      const before = await state();
      await run(tool, input);
      expect(await state()).not.toEqual(before);
      await run("undo_changes", {});
      expect(await state()).toEqual(before);
    }),
  );
});

test("what was changed since by another program is not overwritten", () =>
  withWrites(tree, async ({ root, run, fail, text }) => {
    await run("write_file", { path: "f", content: "new" });
    await writeFile(join(root, "f"), "by hand");
    expect(await fail("undo_changes", {})).toBe("stale");
    expect(await text("f")).toBe("by hand");
  }));

test("a place that is taken since is left alone", () =>
  withWrites(tree, async ({ root, run, fail, text }) => {
    await run("delete_path", { path: "f" });
    await writeFile(join(root, "f"), "by hand");
    expect(await fail("undo_changes", {})).toBe("exists");
    expect(await text("f")).toBe("by hand");
  }));

test("a folder that has something in it stays", () =>
  withWrites({}, async ({ root, run, fail }) => {
    await run("create_directory", { path: "d" });
    await writeFile(join(root, "d", "x"), "");
    expect(await fail("undo_changes", {})).toBe("not_empty");
  }));

test("with nothing left it says so, after what there was", () =>
  withWrites(tree, async ({ run, fail }) => {
    expect(await fail("undo_changes", {})).toBe("nothing_to_undo");
    await run("delete_path", { path: "f" });
    const result = await run("undo_changes", { count: 5 });
    expect(result).toMatchObject({ stopped: "There is no change left to undo." });
    expect(result.undone).toHaveLength(1);
  }));

test("a root that is gone is what it tells of", () =>
  withWrites(tree, async ({ root, run, fail }) => {
    await run("delete_path", { path: "f" });
    await rename(root, `${root}-gone`);
    expect(await fail("undo_changes", {})).toBe("root_unavailable");
    await rename(`${root}-gone`, root);
    expect(await run("undo_changes", {})).toMatchObject({ undone: [{ path: "f" }] });
  }));

test("only so many changes are kept", () =>
  withWrites({}, async ({ root }) => {
    const { MAX_COPY_BYTES, Workshop } = await import("../src/write/workshop.ts");
    const { sandboxOn } = await import("./support/sandboxes.ts");
    const { replaceFile } = await import("../src/write/replace-file.ts");
    const { signal } = new AbortController();
    const shop = new Workshop(await sandboxOn(root), {
      keep: 5,
      hardLinks: false,
      copyBytes: MAX_COPY_BYTES,
    });
    for (let i = 0; i < 32; i += 1)
      await replaceFile(shop, "f", async () => ({ chunks: [Buffer.from(String(i))], result: 0 }), {
        operation: "write",
        signal,
      });
    const names = await readdir(join(root, ".mcp-trash"));
    expect(names.filter((name) => name !== ".gitignore")).toHaveLength(5);
  }));
