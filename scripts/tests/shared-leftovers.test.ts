import { describe, expect, test } from "vitest";
import { detachCopy } from "../lib/copy/detach.ts";
import {
  addModule,
  addServer,
  copy,
  edit,
  header,
  kinds,
  lines,
  type Repo,
  smallRepo,
  source,
} from "./support/copy-repository.ts";

const server = "servers/greet-server";

async function copied(): Promise<Repo> {
  const repo = smallRepo();
  repo.write("shared/core/other.ts", "other\n");
  await repo.copy();
  repo.commit();
  return repo;
}

describe("a file removed from a module", () => {
  test("takes its untouched copy with it", async () => {
    const repo = await copied();
    repo.remove(source);
    expect(kinds(await repo.check())).toEqual([`!untouched-leftover ${copy}`]);
    expect(kinds(await repo.copy())).toEqual([`untouched-leftover ${copy}`]);
    expect(repo.has(`${server}/${copy}`)).toBe(false);
    expect(repo.read(`${server}/shared.lock.json`)).not.toContain("errors.ts");
    expect(kinds(await repo.check())).toEqual([]);
  });

  test("leaves an edited copy, which fails until it is deleted", async () => {
    const repo = await copied();
    edit(repo, { 1: "mine" });
    repo.remove(source);
    expect(kinds(await repo.copy())).toEqual([`!orphan ${copy}`]);
    expect(kinds(await repo.check())).toEqual([`!orphan ${copy}`]);
    expect(repo.read(`${server}/${copy}`)).toContain("mine");
    repo.remove(`${server}/${copy}`);
    expect(kinds(await repo.copy())).toEqual([`gone ${copy}`]);
    expect(kinds(await repo.check())).toEqual([]);
  });

  test("leaves an edited copy, which is allowed once it is detached", async () => {
    const repo = await copied();
    edit(repo, { 1: "mine" });
    repo.remove(source);
    await detachCopy({ root: repo.root, server: "greet-server", file: copy, reason: "ours now" });
    expect(kinds(await repo.copy())).toEqual([]);
    expect(kinds(await repo.check())).toEqual([]);
    expect(repo.read(`${server}/${copy}`)).toContain("mine");
  });
});

describe("a module that a server no longer asks for", () => {
  test("goes, with the folders it leaves empty, and an edited copy stays", async () => {
    const repo = await copied();
    edit(repo, { 1: "mine" });
    addServer(repo, "greet-server", []);
    expect(kinds(await repo.copy())).toEqual([
      `!orphan ${copy}`,
      "untouched-leftover src/shared/core/other.ts",
    ]);
    expect(repo.has(`${server}/src/shared/core/other.ts`)).toBe(false);
    repo.remove(`${server}/${copy}`);
    await repo.copy();
    expect(repo.read(`${server}/shared.lock.json`)).toBe("{}\n");
  });

  test("leaves no empty folders when all of it was untouched", async () => {
    const repo = await copied();
    addServer(repo, "greet-server", []);
    await repo.copy();
    expect(repo.has(`${server}/src`)).toBe(false);
  });
});

describe("a renamed source", () => {
  const renamed = "src/shared/core/failures.ts";
  const rename = (repo: Repo, changes: Record<number, string> = {}) => {
    repo.remove(source);
    repo.write("shared/core/failures.ts", lines(changes));
  };

  test("moves an untouched copy", async () => {
    const repo = await copied();
    rename(repo);
    expect(kinds(await repo.copy())).toEqual([`untouched-leftover ${copy}`, `new ${renamed}`]);
    expect(repo.has(`${server}/${copy}`)).toBe(false);
    expect(kinds(await repo.check())).toEqual([]);
  });

  test("carries an edit over when only the name changed", async () => {
    const repo = await copied();
    edit(repo, { 1: "mine" });
    rename(repo);
    expect(kinds(await repo.check())).toEqual([`!carry ${copy}`]);
    expect(kinds(await repo.copy())).toEqual([`carry ${copy}`]);
    expect(repo.has(`${server}/${copy}`)).toBe(false);
    expect(repo.read(`${server}/${renamed}`)).toBe(
      header("core/failures.ts") + lines({ 1: "mine" }),
    );
    expect(kinds(await repo.copy())).toEqual([`edited ${renamed}`]);
  });

  test("carries an edit over when the source changed a little too", async () => {
    const repo = await copied();
    edit(repo, { 1: "mine" });
    rename(repo, { 12: "theirs" });
    expect(kinds(await repo.copy())).toEqual([`carry ${copy}`]);
    expect(repo.read(`${server}/${renamed}`)).toContain(lines({ 1: "mine", 12: "theirs" }));
  });

  test("with a conflict leaves markers in the new place and no old copy", async () => {
    const repo = await copied();
    edit(repo, { 1: "mine" });
    rename(repo, { 1: "theirs" });
    expect(kinds(await repo.copy())).toEqual([`!conflicted ${renamed}`]);
    expect(repo.read(`${server}/${renamed}`)).toMatch(/^mine\n(.*\n)+theirs\n>{7}/m);
    expect(repo.has(`${server}/${copy}`)).toBe(false);
    expect(kinds(await repo.copy())).toEqual([`!conflicted ${renamed}`]);
  });

  test("that could be one of two files keeps the edited copy as an orphan", async () => {
    const repo = await copied();
    edit(repo, { 1: "mine" });
    rename(repo);
    repo.write("shared/core/twin.ts", lines());
    expect(kinds(await repo.copy())).toEqual([
      `!orphan ${copy}`,
      `new ${renamed}`,
      "new src/shared/core/twin.ts",
    ]);
    expect(repo.read(`${server}/${copy}`)).toContain("mine");
  });

  test("that is another text altogether keeps the edited copy as an orphan", async () => {
    const repo = await copied();
    edit(repo, { 1: "mine" });
    repo.remove(source);
    repo.write("shared/core/failures.ts", "nothing\nin\ncommon\n");
    expect(kinds(await repo.copy())).toEqual([`!orphan ${copy}`, `new ${renamed}`]);
  });

  test("does not overwrite a file that is in the new place", async () => {
    const repo = await copied();
    edit(repo, { 1: "mine" });
    rename(repo);
    repo.write(`${server}/${renamed}`, "own\n");
    expect(kinds(await repo.copy())).toEqual([`!orphan ${copy}`, `!blocked ${renamed}`]);
    expect(repo.read(`${server}/${copy}`)).toContain("mine");
    expect(repo.read(`${server}/${renamed}`)).toBe("own\n");
  });

  test("carries a detachment and its reason over", async () => {
    const repo = await copied();
    edit(repo, { 1: "mine" });
    await detachCopy({ root: repo.root, server: "greet-server", file: copy, reason: "ours" });
    rename(repo);
    await repo.copy();
    expect(JSON.parse(repo.read(`${server}/shared.lock.json`))[renamed].detached).toBe("ours");
    expect(kinds(await repo.check())).toEqual([]);
  });

  test("follows a module that gets another target, edits included", async () => {
    const repo = await copied();
    edit(repo, { 1: "mine" });
    addModule(repo, "core", { target: "tests/shared" });
    await repo.copy();
    expect(repo.read(`${server}/tests/shared/core/errors.ts`)).toContain("mine");
    expect(repo.has(`${server}/src`)).toBe(false);
  });
});
