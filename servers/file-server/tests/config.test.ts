import { delimiter } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseConfig } from "#shared/core/config.ts";
import { config, MAX_LIST_ITEMS, PLAIN_PATHS } from "../src/config.ts";
import { rootsFromArguments } from "../src/roots-from-arguments.ts";
import { DEFAULT_DENY_PATTERNS } from "../src/sandbox/deny.ts";
import { server } from "../src/server.ts";
import { callTool, expectToolError } from "./shared/testing/call.ts";
import { refusal } from "./support/call.ts";
import { plant, withRoot } from "./support/files.ts";

const read = (env: Record<string, string>) => parseConfig(config, env).values;

test("an empty environment allows the working directory and denies secrets", () => {
  expect(read({})).toMatchObject({
    ALLOWED_ROOTS: undefined,
    SYMLINKS: "within-root",
    DENY_PATTERNS: DEFAULT_DENY_PATTERNS,
  });
});

test("folders come as a JSON list or between the separators of paths", () => {
  expect(read({ ALLOWED_ROOTS: `/a${delimiter}/b c` }).ALLOWED_ROOTS).toEqual(["/a", "/b c"]);
  expect(read({ ALLOWED_ROOTS: '["/a:b", "/c"]' }).ALLOWED_ROOTS).toEqual(["/a:b", "/c"]);
});

test("paths that are plainly right are right", () => {
  const property = fc.property(fc.stringMatching(PLAIN_PATHS), (text) => {
    expect(read({ ALLOWED_ROOTS: text }).ALLOWED_ROOTS?.length).toBeLessThanOrEqual(MAX_LIST_ITEMS);
  });
  fc.assert(property, { numRuns: 2_000 });
  for (const text of ["/a", "/a b:/c", '["/a","/b:c"]', "folder"])
    expect(text).toMatch(PLAIN_PATHS);
  for (const text of ["", ":/a", "/a:", "[]", '["/a"', '[""]'])
    expect(text).not.toMatch(PLAIN_PATHS);
});

test("folders on the command line win over the variable", () => {
  const env: Record<string, string | undefined> = { ALLOWED_ROOTS: "/other" };
  rootsFromArguments([], env);
  expect(env.ALLOWED_ROOTS).toBe("/other");
  rootsFromArguments(["/a:b", "rel"], env);
  expect(env.ALLOWED_ROOTS).toBe('["/a:b","rel"]');
});

test("patterns are the built-in ones, one's own, both, or none", () => {
  expect(read({ DENY_PATTERNS: "*.secret,private" }).DENY_PATTERNS).toEqual([
    "*.secret",
    "private",
  ]);
  expect(read({ DENY_PATTERNS: "default,*.secret" }).DENY_PATTERNS).toEqual([
    ...DEFAULT_DENY_PATTERNS,
    "*.secret",
  ]);
  const builtIn = DEFAULT_DENY_PATTERNS.join(",");
  expect(read({ DENY_PATTERNS: builtIn }).DENY_PATTERNS).toEqual(DEFAULT_DENY_PATTERNS);
  expect(read({ DENY_PATTERNS: '["*.{a,b}"]' }).DENY_PATTERNS).toEqual(["*.{a,b}"]);
  expect(read({ DENY_PATTERNS: "[]" }).DENY_PATTERNS).toEqual([]);
});

test.each([
  { ALLOWED_ROOTS: `/a${delimiter}` },
  { ALLOWED_ROOTS: "[1]" },
  { ALLOWED_ROOTS: "[broken" },
  { DENY_PATTERNS: "a,,b" },
  { DENY_PATTERNS: "../x" },
  { SYMLINKS: "all" },
])("%o stops the start with the variable's name", (env) => {
  expect(() => read(env)).toThrow(Object.keys(env)[0]);
});

test("the lists have an edge", () => {
  const items = (count: number) => JSON.stringify(Array.from({ length: count }, (_, i) => `/${i}`));
  expect(read({ ALLOWED_ROOTS: items(MAX_LIST_ITEMS) }).ALLOWED_ROOTS).toHaveLength(MAX_LIST_ITEMS);
  expect(() => read({ ALLOWED_ROOTS: items(MAX_LIST_ITEMS + 1) })).toThrow("ALLOWED_ROOTS");
});

test("each name of a key or password is denied, at any depth, and its neighbours are not", () =>
  withRoot({}, async (root) => {
    for (const folder of [".git", ".aws", ".kube", ".docker", ".config"])
      await plant(root, { [folder]: null, [`a/${folder}`]: null });
    const denied = [
      ...[".env", ".env.local", "key.pem", "tls.key", "a.p12", "id_rsa", "id_ed25519.pub"],
      ...[".ssh/config", ".npmrc", ".netrc", ".git/config", ".aws/credentials", ".kube/config"],
      ...[".docker/config.json", ".gnupg/x", ".git-credentials", ".config/gh/hosts.yml"],
    ];
    for (const name of denied) {
      for (const path of [name, `a/${name}`])
        expect([path, await refusal(root, "read_text_file", { path })]).toEqual([
          path,
          "denied_by_pattern",
        ]);
    }
    for (const path of [".environment", "env", "pem", "keys.txt", ".git/HEAD", "config", "id.txt"])
      expect([path, await refusal(root, "read_text_file", { path })]).toEqual([path, "not_found"]);
  }));

test("a server without a folder lists its tools and says what to set when one is called", async () => {
  const before = process.cwd();
  process.chdir("/");
  try {
    const result = await callTool(server, "list_directory", {});
    expect(expectToolError(result)).toMatchInlineSnapshot(`
      {
        "code": "CONFIG_ERROR",
        "details": {
          "reason": "no_root",
          "variable": "ALLOWED_ROOTS",
        },
        "message": "ALLOWED_ROOTS is not set, and the server was started in the top folder of the disk. Set ALLOWED_ROOTS to the folders it may use.",
        "timestamp": "2026-01-01T00:00:00.000Z",
      }
    `);
  } finally {
    process.chdir(before);
  }
});
