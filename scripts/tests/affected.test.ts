import { renameSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { affectedServers } from "../lib/affected.ts";
import { writeFiles } from "./support/temp-folder.ts";
import { commitAll, git, tempRepository } from "./support/temp-repository.ts";

const all = ["a-server", "b-server", "gateway"];

function repository(): string {
  return tempRepository({
    "README.md": "",
    "package.json": "{}",
    "shared/core/errors.ts": "",
    "servers/README.md": "",
    ...Object.fromEntries(all.map((name) => [`servers/${name}/package.json`, "{}"])),
    "servers/a-server/src/tool.ts": "export const tool = 1;",
  });
}

/** The servers affected by a commit that writes these files. */
function affectedBy(...paths: string[]): string[] {
  const root = repository();
  writeFiles(root, Object.fromEntries(paths.map((path) => [path, "changed"])));
  commitAll(root, "change");
  return affectedServers(root, "HEAD~1");
}

test("a file of a server affects that server", () => {
  expect(affectedBy("servers/b-server/src/new.ts")).toEqual(["b-server"]);
  expect(affectedBy("servers/gateway/README.md", "servers/a-server/x")).toEqual([
    "a-server",
    "gateway",
  ]);
});

test("shared code, scripts, workflows and root configuration affect all", () => {
  for (const path of [
    "shared/core/errors.ts",
    "scripts/test.ts",
    ".github/workflows/test-all.yml",
    "package.json",
    "docs/guide.md",
  ]) {
    expect(affectedBy(path), path).toEqual(all);
  }
});

test("texts at the root affect none, but do not hide what else changed", () => {
  expect(affectedBy("README.md", "CONTRIBUTING.md")).toEqual([]);
  expect(affectedBy("README.md", "servers/a-server/src/tool.ts")).toEqual(["a-server"]);
});

test("a file that moved affects the server it left", () => {
  const root = repository();
  const move = ["servers/a-server/src/tool.ts", "servers/b-server/tool.ts"] as const;
  renameSync(join(root, move[0]), join(root, move[1]));
  commitAll(root, "move");
  expect(affectedServers(root, "HEAD~1")).toEqual(["a-server", "b-server"]);
});

test("what is not committed yet counts", () => {
  const root = repository();
  writeFiles(root, { "servers/a-server/src/tool.ts": "2", "servers/b-server/new.ts": "" });
  expect(affectedServers(root, "HEAD")).toEqual(["a-server", "b-server"]);
});

test("what the base branch did meanwhile does not count", () => {
  const root = repository();
  git(root, "switch", "--quiet", "--create", "topic");
  writeFiles(root, { "servers/a-server/src/tool.ts": "2" });
  commitAll(root, "topic");
  git(root, "switch", "--quiet", "main");
  writeFiles(root, { "shared/core/errors.ts": "changed" });
  commitAll(root, "main moves on");
  git(root, "switch", "--quiet", "topic");
  expect(affectedServers(root, "main")).toEqual(["a-server"]);
});

test("without a base, or with one that git does not know, all are affected", () => {
  const root = repository();
  for (const base of [undefined, "", "0".repeat(40), "no-such-branch", "--help"]) {
    expect(affectedServers(root, base), String(base)).toEqual(all);
  }
});

test("a server that was deleted affects all: others may name it", () => {
  const root = repository();
  git(root, "rm", "-r", "--quiet", "servers/b-server");
  commitAll(root, "delete");
  expect(affectedServers(root, "HEAD~1")).toEqual(["a-server", "gateway"]);
});
