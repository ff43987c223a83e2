import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MAX_LINKS } from "../../src/sandbox/walk.ts";
import { plant, type Tree, withRoot } from "../support/files.ts";
import { readOrReason, STRATEGIES, sandboxOn } from "../support/sandboxes.ts";

const tree: Tree = {
  "a.txt": "alpha",
  "sub/b.txt": "bravo",
  "sub/up": { link: "../a.txt" },
  "sub/self": { link: "b.txt" },
  folder: { link: "sub" },
  "deep/er/back": { link: "../../sub" },
  chain: { link: "folder/up" },
  out: { link: "../outside.txt" },
  outdir: { link: ".." },
  dangling: { link: "../nothing" },
  etc: { link: "/etc" },
  again: { link: "../root/a.txt" },
  loop1: { link: "loop2" },
  loop2: { link: "loop1" },
  "safe.txt": { link: ".env" },
  ".env": "SECRET=1",
};

const withTree = (work: (root: string) => Promise<void>) =>
  withRoot(tree, async (root) => {
    await writeFile(join(root, "..", "outside.txt"), "secret");
    await symlink(join(root, "a.txt"), join(root, "absolute"));
    await work(root);
  });

describe.each(STRATEGIES)("$name", (strategy) => {
  test.each([
    ["sub/up", "alpha"],
    ["sub/self", "bravo"],
    ["folder/b.txt", "bravo"],
    ["deep/er/back/b.txt", "bravo"],
    ["chain", "alpha"],
    ["absolute", "alpha"],
    ["again", "alpha"],
    ["deep/er/back/../a.txt", "alpha"],
  ])("%s stays inside and is followed", (path, text) =>
    withTree(async (root) => {
      expect(await readOrReason(await sandboxOn(root, { strategy }), path)).toEqual({ text });
    }),
  );

  test.each([
    ["out", "symlink"],
    ["outdir/outside.txt", "symlink"],
    ["dangling", "symlink"],
    ["etc/passwd", "symlink"],
    ["loop1", "symlink"],
    ["safe.txt", "denied_by_pattern"],
    ["folder/../../outside.txt", "outside_root"],
  ])("%s is refused: %s", (path, reason) =>
    withTree(async (root) => {
      expect(await readOrReason(await sandboxOn(root, { strategy }), path)).toBe(reason);
    }),
  );

  test("none follows no link, wherever it leads", () =>
    withTree(async (root) => {
      const sandbox = await sandboxOn(root, { strategy, followLinks: false });
      for (const path of ["sub/up", "folder/b.txt", "absolute", "out", "loop1"])
        expect(await readOrReason(sandbox, path)).toBe("symlink");
      expect(await readOrReason(sandbox, "a.txt")).toEqual({ text: "alpha" });
    }));

  test(`${MAX_LINKS} links lead on, one more does not`, () =>
    withRoot({ l0: "end" }, async (root) => {
      const links = Array.from({ length: MAX_LINKS + 1 }, (_, i) => [
        `l${i + 1}`,
        { link: `l${i}` },
      ]);
      await plant(root, Object.fromEntries(links));
      const sandbox = await sandboxOn(root, { strategy });
      expect(await readOrReason(sandbox, `l${MAX_LINKS}`)).toEqual({ text: "end" });
      expect(await readOrReason(sandbox, `l${MAX_LINKS + 1}`)).toBe("symlink");
    }));

  test("a link may lead from one allowed folder into another", () =>
    withRoot(
      {
        "one/to": { link: "../two/x" },
        "two/x": "two",
        "two/.env": "",
        "one/env": { link: "../two/.env" },
      },
      async (folder) => {
        const both = await sandboxOn([join(folder, "one"), join(folder, "two")], { strategy });
        expect(await readOrReason(both, "to")).toEqual({ text: "two" });
        expect(await readOrReason(both, "env")).toBe("denied_by_pattern");
        const one = await sandboxOn(join(folder, "one"), { strategy });
        expect(await readOrReason(one, "to")).toBe("symlink");
      },
    ));

  test("a path that takes more steps than any honest one is refused", () =>
    withRoot({ [`${"d/".repeat(95)}x`]: "deep", x: "top" }, async (root) => {
      const sandbox = await sandboxOn(root, { strategy });
      const downAndUp = (depth: number) => `${"d/".repeat(depth)}${"../".repeat(depth)}x`;
      expect(await readOrReason(sandbox, downAndUp(80))).toEqual({ text: "top" });
      expect(await readOrReason(sandbox, downAndUp(95))).toBe("invalid_path");
    }));
});
