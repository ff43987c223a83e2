import { chmod, mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { rootFolders } from "../../src/sandbox/roots.ts";
import { server } from "../../src/server.ts";
import { callTool } from "../shared/testing/call.ts";
import { withRoot } from "../support/files.ts";
import { readOrReason, STRATEGIES, sandboxOn } from "../support/sandboxes.ts";

test("without ALLOWED_ROOTS the working directory is used, but never the whole disk", () => {
  expect(rootFolders(undefined, "/home/me/project")).toEqual(["/home/me/project"]);
  expect(() => rootFolders(undefined, "/")).toThrow(/Set ALLOWED_ROOTS/);
  expect(rootFolders(["/"], "/")).toEqual(["/"]);
  expect(rootFolders(["sub", "/x", "sub/"], "/home/me")).toEqual(["/home/me/sub", "/x"]);
});

test("a server that is opened anew finds where a link that is a folder leads now", () =>
  withRoot({ "one/a": "1", "two/a": "2" }, async (folder) => {
    const link = join(folder, "link");
    const read = async () => {
      const env = { ALLOWED_ROOTS: link };
      const { structuredContent } = await callTool(
        server,
        "read_text_file",
        { path: "a" },
        { env },
      );
      return structuredContent?.content;
    };
    await symlink("one", link);
    expect(await read()).toBe("1");
    await rm(link);
    await symlink("two", link);
    expect(await read()).toBe("2");
  }));

describe.each(STRATEGIES)("$name", (strategy) => {
  test("relative paths belong to the first folder, the others are shown absolute", () =>
    withRoot({ "one/a": "1", "two/a": "2" }, async (folder) => {
      const [one, two] = [join(folder, "one"), join(folder, "two")];
      const sandbox = await sandboxOn([one, two], { strategy });
      expect(await readOrReason(sandbox, "a")).toEqual({ text: "1" });
      expect(await readOrReason(sandbox, join(two, "a"))).toEqual({ text: "2" });
      const shown = (path: string) => sandbox.withFile(path, async (file) => file.path);
      expect(await shown(join(one, "a"))).toBe("a");
      expect(await shown(join(two, "a"))).toBe(join(two, "a"));
      expect(await sandbox.withDirectory(".", async ({ path }) => path)).toBe(".");
    }));

  test("a folder that is given through a link is known by both names", () =>
    withRoot({ "real/a": "1" }, async (folder) => {
      await symlink("real", join(folder, "link"));
      const sandbox = await sandboxOn(join(folder, "link"), { strategy });
      expect(await readOrReason(sandbox, join(folder, "link", "a"))).toEqual({ text: "1" });
      expect(await readOrReason(sandbox, join(folder, "real", "a"))).toEqual({ text: "1" });
    }));

  test("a folder that is missing is named, used once it is there, and stops no other", () =>
    withRoot({ "two/a": "2" }, async (folder) => {
      const [one, two] = [join(folder, "one"), join(folder, "two")];
      const sandbox = await sandboxOn([one, two], { strategy });
      expect(await readOrReason(sandbox, "a")).toBe("root_unavailable");
      expect(await readOrReason(sandbox, join(two, "a"))).toEqual({ text: "2" });
      await mkdir(one);
      await writeFile(join(one, "a"), "1");
      expect(await readOrReason(sandbox, "a")).toEqual({ text: "1" });
    }));

  test("a folder that was made anew is used, a link in its place is not", () =>
    withRoot({ "one/a": "old", "other/a": "secret" }, async (folder) => {
      const one = join(folder, "one");
      const sandbox = await sandboxOn(one, { strategy });
      expect(await readOrReason(sandbox, "a")).toEqual({ text: "old" });
      await rm(one, { recursive: true });
      expect(await readOrReason(sandbox, "a")).toBe("root_unavailable");
      await mkdir(one);
      await writeFile(join(one, "a"), "new");
      expect(await readOrReason(sandbox, "a")).toEqual({ text: "new" });
      await rename(one, join(folder, "moved"));
      await symlink("other", one);
      expect(await readOrReason(sandbox, "a")).toBe("root_unavailable");
    }));

  test("a link in place of a folder above is not followed either", () =>
    withRoot({ "up/one/a": "old", "other/one/a": "secret" }, async (folder) => {
      const sandbox = await sandboxOn(join(folder, "up", "one"), { strategy });
      expect(await readOrReason(sandbox, "a")).toEqual({ text: "old" });
      await rename(join(folder, "up"), join(folder, "moved"));
      await symlink("other", join(folder, "up"));
      expect(await readOrReason(sandbox, "a")).toBe("root_unavailable");
    }));

  test("the innermost of nested folders decides what its own pattern denies", () =>
    withRoot({ "in/secret/x": "1" }, async (folder) => {
      const roots = [folder, join(folder, "in")];
      const sandbox = await sandboxOn(roots, { strategy, denyPatterns: ["**/in/secret"] });
      expect(await readOrReason(sandbox, "in/secret/x")).toBe("denied_by_pattern");
      const own = await sandboxOn(roots, { strategy, denyPatterns: ["in/secret"] });
      expect(await readOrReason(own, join(folder, "in/secret/x"))).toEqual({ text: "1" });
    }));

  test.skipIf(process.getuid?.() === 0)("what the system forbids is told apart", () =>
    withRoot({ a: "1" }, async (root) => {
      await chmod(join(root, "a"), 0);
      expect(await readOrReason(await sandboxOn(root, { strategy }), "a")).toBe("no_permission");
    }),
  );
});
