import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MAX_UNDO_KEEP } from "../src/config.ts";
import { COUNTED, SHOWN_LINES } from "../src/edit/plan-edits.ts";
import { ByteBudget, wireBytes } from "../src/listing/byte-budget.ts";
import { completePath, MAX_PROPOSED } from "../src/resources/complete-path.ts";
import { MAX_STEPS } from "../src/sandbox/walk.ts";
import { FIRST_BYTES } from "../src/text/read-tail.ts";
import { MAX_COUNT, MAX_EDIT_CHARS } from "../src/tools/edit-file.ts";
import { copyPath } from "../src/write/copy.ts";
import { MAX_RECORD_BYTES } from "../src/write/journal.ts";
import { textChunks } from "../src/write/new-text.ts";
import { ABANDONED_MS } from "../src/write/recover.ts";
import { replaceFile } from "../src/write/replace-file.ts";
import { Workshop } from "../src/write/workshop.ts";
import { call, callError, refusal } from "./support/call.ts";
import { withRoot } from "./support/files.ts";
import { readOrReason, sandboxOn } from "./support/sandboxes.ts";
import { withWrites } from "./support/writes.ts";

const { signal } = new AbortController();

describe("the bounds of an edit", () => {
  const edit = (one: object) => ({ path: "f", edits: [{ old: "a", new: "b", ...one }] });

  test.each([
    ["old", { old: "x".repeat(MAX_EDIT_CHARS) }, { old: "x".repeat(MAX_EDIT_CHARS + 1) }],
    ["old, the shortest", { old: "x" }, { old: "" }],
    ["new", { new: "x".repeat(MAX_EDIT_CHARS) }, { new: "x".repeat(MAX_EDIT_CHARS + 1) }],
    ["count", { count: MAX_COUNT }, { count: MAX_COUNT + 1 }],
    ["count, the least", { count: 1 }, { count: 0 }],
  ])("%s", (_, at, beyond) =>
    withWrites({ f: "b" }, async ({ error }) => {
      const refused = async (one: object) => (await error("edit_file", edit(one))).details;
      expect(await refused(at)).toMatchObject({ reason: "no_match" });
      expect(await refused(beyond)).toHaveProperty("issues");
    }),
  );

  test("as many places as may be are changed", () =>
    withWrites({ f: "a".repeat(MAX_COUNT) }, async ({ run, text }) => {
      await run("edit_file", edit({ count: MAX_COUNT }));
      expect(await text("f")).toBe("b".repeat(MAX_COUNT));
    }));

  test("places that are too many are counted, and their lines told, up to a number", () =>
    withWrites(
      { f: "a\n".repeat(COUNTED + 1), g: "a\n".repeat(SHOWN_LINES) },
      async ({ error }) => {
        const { details } = await error("edit_file", edit({}));
        expect(details.found).toBe(COUNTED);
        expect(details.lines).toHaveLength(SHOWN_LINES);
        const few = await error("edit_file", { ...edit({}), path: "g" });
        expect(few.details).toMatchObject({ found: SHOWN_LINES });
        expect(few.details.lines).toHaveLength(SHOWN_LINES);
      },
    ));
});

describe("bytes that one call copies", () => {
  const copyBytes = 10;
  const shopOn = async (root: string) =>
    new Workshop(await sandboxOn(root), { keep: 10, hardLinks: false, copyBytes });
  const options = { overwrite: false, signal, onProgress: () => {} };
  const reasonOf = (work: Promise<unknown>) =>
    work.then(
      () => "done",
      (error: { details: { reason: string } }) => error.details.reason,
    );

  test.each([
    ["of a file", { at: "x".repeat(copyBytes), beyond: "x".repeat(copyBytes + 1) }],
    [
      "of all files of a folder",
      { "at/a": "1234", "at/b": "123456", "beyond/a": "1234", "beyond/b": "1234567" },
    ],
  ])("%s", (_, tree: Record<string, string>) =>
    withRoot(tree, async (root) => {
      const shop = await shopOn(root);
      expect(await reasonOf(copyPath(shop, "at", "copy", options))).toBe("done");
      expect(await reasonOf(copyPath(shop, "beyond", "copy2", options))).toBe("too_large");
      expect(readdirSync(root).filter((name) => name.startsWith("copy"))).toEqual(["copy"]);
    }),
  );

  test("of a file that is appended to", () =>
    withRoot({ at: "x".repeat(copyBytes), beyond: "x".repeat(copyBytes + 1) }, async (root) => {
      const shop = await shopOn(root);
      const append = (path: string) =>
        replaceFile(
          shop,
          path,
          async (current) => ({
            chunks: await textChunks(
              current,
              { content: "y", mode: "append", eol: "keep" },
              { path, copyBytes },
            ),
            result: undefined,
          }),
          { operation: "write", signal },
        );
      expect(await reasonOf(append("at"))).toBe("done");
      expect(await reasonOf(append("beyond"))).toBe("too_large");
    }));
});

describe("UNDO_KEEP", () => {
  const env = (keep: number) => ({ ALLOW_WRITE: "true", UNDO_KEEP: String(keep) });
  const changes = (root: string) =>
    readdirSync(join(root, ".mcp-trash")).filter((name) => /^\d/.test(name));

  test("changes are kept, and no more, by a server that makes one and ends", () =>
    withRoot({}, async (root) => {
      for (let i = 0; i < 5; i += 1)
        await call(root, "write_file", { path: `f${i}`, content: "" }, { env: env(3) });
      expect(changes(root)).toHaveLength(3);
      const undo = { env: env(3) };
      const { undone } = await call(root, "undo_changes", { count: 5 }, undo);
      expect((undone as { path: string }[]).map(({ path }) => path)).toEqual(["f4", "f3", "f2"]);
    }));

  test.each([
    [1, MAX_UNDO_KEEP],
    [0, MAX_UNDO_KEEP + 1],
  ])("has edges: %d and %d", (least, most) =>
    withRoot({}, async (root) => {
      for (const keep of [least, most]) {
        const made = call(root, "write_file", { path: "f", content: "" }, { env: env(keep) });
        const isTaken = keep >= 1 && keep <= MAX_UNDO_KEEP;
        if (isTaken) expect(await made).toMatchObject({ path: "f" });
        else await expect(made).rejects.toThrow("UNDO_KEEP");
      }
    }),
  );
});

test("a path may take so many steps", () => {
  // down and up again a folder at a time: the sum of the numbers up to the depth, and one
  const depth = 90;
  expect((depth * (depth + 1)) / 2 + 1).toBe(MAX_STEPS);
  return withRoot({ [`${"d/".repeat(depth)}x`]: "", f: "f", "g/f": "g" }, async (root) => {
    const sandbox = await sandboxOn(root);
    const around = "d/".repeat(depth) + "../".repeat(depth);
    expect(await readOrReason(sandbox, `${around}f`)).toEqual({ text: "f" });
    expect(await readOrReason(sandbox, `${around}g/f`)).toBe("invalid_path");
  });
});

test("so many paths are proposed at once", () =>
  withRoot({}, async (root) => {
    const sandbox = await sandboxOn(root);
    const proposed = async () => (await completePath(sandbox, `${root}/`, signal)).length;
    for (let i = 0; i < MAX_PROPOSED; i += 1) writeFileSync(join(root, `f${i}`), "");
    expect(await proposed()).toBe(MAX_PROPOSED);
    writeFileSync(join(root, "more"), "");
    expect(await proposed()).toBe(MAX_PROPOSED);
  }));

test("the last lines are the same whether the first look holds them or not", () =>
  withRoot({ f: `${"x".repeat(99)}\n`.repeat(1_000) }, async (root) => {
    const held = Math.floor(FIRST_BYTES / 100);
    for (const tail of [1, held, held + 1, held + 2]) {
      const { content, start_offset } = await call(root, "read_text_file", { path: "f", tail });
      expect([content, start_offset]).toEqual([
        `${"x".repeat(99)}\n`.repeat(tail),
        100 * (1_000 - tail),
      ]);
    }
  }));

test("a page that is full at its worst is counted character by character", () => {
  const items = ["a".repeat(10), "b".repeat(10)];
  expect(new ByteBudget(wireBytes(items)).takeMany(items)).toBe(2);
  expect(new ByteBudget(wireBytes(items[0])).takeMany(items)).toBe(1);
  expect(new ByteBudget(wireBytes(items[0]) - 1).takeMany(items)).toBe(0);
});

const record = (root: string, more: object) =>
  JSON.stringify({
    operation: "create_directory",
    at: { root, parts: ["made"] },
    pid: process.pid,
    isNew: true,
    ...more,
  });

test("the record of a change is read up to a number of bytes", () =>
  withRoot({ made: null }, async (root) => {
    const folder = join(root, ".mcp-trash", "000000000000001-000000001-00000000");
    mkdirSync(folder, { recursive: true });
    const undo = () => refusal(root, "undo_changes", {}, { env: { ALLOW_WRITE: "true" } });
    writeFileSync(join(folder, "done.json"), record(root, {}).padEnd(MAX_RECORD_BYTES + 1));
    expect(await undo()).toBe("nothing_to_undo");
    writeFileSync(join(folder, "done.json"), record(root, {}).padEnd(MAX_RECORD_BYTES));
    const options = { env: { ALLOW_WRITE: "true" } };
    expect(await call(root, "undo_changes", {}, options)).toMatchObject({
      undone: [{ path: "made" }],
    });
  }));

test("a change is given up when it is so old, though its process runs", () =>
  withRoot({}, async (root) => {
    const begun = (ago: number) => {
      const name = `${String(Date.now() - ago).padStart(15, "0")}-000000001-00000000`;
      const folder = join(root, ".mcp-trash", name);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "pending.json"), record(root, {}));
      return name;
    };
    const [old, young] = [begun(ABANDONED_MS + 1_000), begun(ABANDONED_MS - 600_000)];
    await call(root, "write_file", { path: "f", content: "" }, { env: { ALLOW_WRITE: "true" } });
    const left = readdirSync(join(root, ".mcp-trash"));
    expect([left.includes(old), left.includes(young)]).toEqual([false, true]);
  }));

test("an error of the bounds names the field", () =>
  withRoot({ f: "" }, async (root) => {
    const edits = [{ old: "a", new: "b", count: MAX_COUNT + 1 }];
    const options = { env: { ALLOW_WRITE: "true" } };
    const error = await callError(root, "edit_file", { path: "f", edits }, options);
    expect(error.message).toContain("edits.0.count");
  }));
