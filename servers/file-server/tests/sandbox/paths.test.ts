import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MAX_PATH_BYTES } from "../../src/sandbox/path-rules.ts";
import { withRoot } from "../support/files.ts";
import { readOrReason, STRATEGIES, sandboxOn } from "../support/sandboxes.ts";

const INVALID = [
  "",
  "a\0.txt",
  "a\n",
  "a\u001b[0m",
  "a\u009b",
  "a\u2028b",
  "\ud800.txt",
  "CON",
  "sub/nul.txt",
  "lpt1",
  "COM¹.log",
  "conin$",
  "sub\\AUX",
  "a.txt:evil",
  "a.txt::$DATA",
  "C:a.txt",
  "C:\\a.txt",
  "\\\\?\\C:\\a.txt",
  "\\\\.\\PhysicalDrive0",
  "\\\\host\\share\\a",
  "//?/C:/a.txt",
  "file:///etc/passwd",
  "x".repeat(MAX_PATH_BYTES + 1),
  "é".repeat(MAX_PATH_BYTES / 2 + 1),
];

describe.each(STRATEGIES)("$name", (strategy) => {
  const tree = {
    "a.txt": "alpha",
    "sub/b.txt": "bravo",
    " a.txt ": "spaces",
    '"a.txt"': "quotes",
    "~": "home",
  };

  test.each(INVALID)("%j is no path", (path) =>
    withRoot(tree, async (root) => {
      expect(await readOrReason(await sandboxOn(root, { strategy }), path)).toBe("invalid_path");
    }),
  );

  test.each([
    ["a.txt", "alpha"],
    ["./sub//./b.txt", "bravo"],
    ["sub/../a.txt", "alpha"],
    [" a.txt ", "spaces"],
    ['"a.txt"', "quotes"],
    ["~", "home"],
  ])("%j is used as it is given", (path, text) =>
    withRoot(tree, async (root) => {
      expect(await readOrReason(await sandboxOn(root, { strategy }), path)).toEqual({ text });
      expect(await readOrReason(await sandboxOn(root, { strategy }), join(root, path))).toEqual({
        text,
      });
    }),
  );

  test.each([
    ["../outside.txt", "outside_root"],
    ["sub/../../outside.txt", "outside_root"],
    ["..", "outside_root"],
    ["a.txt/../../outside.txt", "not_a_directory"],
    ["a.txt/x", "not_a_directory"],
    ["sub", "not_a_file"],
    ["none", "not_found"],
    ["none/../../outside.txt", "not_found"],
    ["..%2foutside.txt", "not_found"],
    ["$HOME/x", "not_found"],
    [".env", "denied_by_pattern"],
    ["sub/.ENV", "denied_by_pattern"],
    [".ssh/nothing/here", "denied_by_pattern"],
    [".\u017fsh/known_hosts", "denied_by_pattern"],
    ["x/.git/config", "not_found"],
    ["x".repeat(300), "invalid_path"],
  ])("%j is refused: %s", (path, reason) =>
    withRoot(tree, async (root) => {
      await writeFile(join(root, "..", "outside.txt"), "secret");
      expect(await readOrReason(await sandboxOn(root, { strategy }), path)).toBe(reason);
    }),
  );

  test("neighbours with a like name are outside, be they there or not", () =>
    withRoot(tree, async (root) => {
      for (const end of ["-x", " ", '"', ".", "\\x"]) {
        await mkdir(`${root}${end}`);
        await writeFile(`${root}${end}/s.txt`, "secret");
      }
      const sandbox = await sandboxOn(root, { strategy });
      for (const end of ["-x", " ", '"', ".", "\\x", "-none"])
        expect(await readOrReason(sandbox, `${root}${end}/s.txt`)).toBe("outside_root");
      expect(await readOrReason(sandbox, `${root.toUpperCase()}/a.txt`)).toBe("outside_root");
    }));

  test("a denied file is refused in the same words, be it there or not", () =>
    withRoot({ id_rsa: "key" }, async (root) => {
      const sandbox = await sandboxOn(root, { strategy });
      for (const path of ["id_rsa", "id_dsa"])
        expect(await readOrReason(sandbox, path)).toBe("denied_by_pattern");
    }));
});
