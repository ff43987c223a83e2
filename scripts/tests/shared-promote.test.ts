import { describe, expect, test } from "vitest";
import { attachCopy, detachCopy } from "../lib/copy/detach.ts";
import { promoteCopy } from "../lib/copy/promote.ts";
import {
  addServer,
  copy,
  edit,
  file,
  header,
  kinds,
  lines,
  type Repo,
  smallRepo,
  source,
} from "./support/copy-repository.ts";

async function twoServers(): Promise<Repo> {
  const repo = smallRepo();
  addServer(repo, "bye-server", ["core"]);
  await repo.copy();
  repo.commit();
  return repo;
}

const promote = (repo: Repo, path = copy) =>
  promoteCopy({ root: repo.root, server: "greet-server", file: path });

describe("promote", () => {
  test.each([copy, `./${file}`, "core/errors.ts", source, copy.replaceAll("/", "\\")])(
    "takes an edit back to shared/ when called with %s",
    async (path) => {
      const repo = await twoServers();
      edit(repo, { 2: "better" });
      const { failed, lines: said } = await promote(repo, path);
      expect(failed).toBe(false);
      expect(said.at(-1)).toBe('now behind: bye-server; run "pnpm shared:copy bye-server"');
      expect(repo.read(source)).toBe(lines({ 2: "better" }));
      expect(kinds(await repo.check())).toEqual([`!behind ${copy}`]);
      await repo.copy();
      expect(kinds(await repo.check())).toEqual([]);
    },
  );

  test("merges with what changed in the source meanwhile", async () => {
    const repo = await twoServers();
    edit(repo, { 2: "better" });
    repo.write(source, lines({ 10: "theirs" }));
    expect((await promote(repo)).failed).toBe(false);
    expect(repo.read(source)).toBe(lines({ 2: "better", 10: "theirs" }));
    expect(repo.read(file)).toBe(header("core/errors.ts") + lines({ 2: "better", 10: "theirs" }));
  });

  test("leaves markers in shared/ on a conflict, and the copy as it is", async () => {
    const repo = await twoServers();
    edit(repo, { 2: "better" });
    repo.write(source, lines({ 2: "theirs" }));
    const before = repo.snapshot();
    const { failed, lines: said } = await promote(repo);
    expect(failed).toBe(true);
    expect(said[0]).toContain(`${source} changed too`);
    expect(repo.read(source)).toMatch(/^<{7} shared.*\ntheirs\n\|{7} .*\n.*\n={7}\nbetter\n>{7}/m);
    expect(repo.snapshot()).toEqual({ ...before, [source]: repo.read(source) });
    expect(kinds(await repo.copy())).toContain(`!broken-source ${copy}`);
    await expect(promote(repo)).rejects.toThrow("cannot promote");
  });

  test("makes a detached copy an ordinary one again", async () => {
    const repo = await twoServers();
    edit(repo, { 2: "better" });
    await detachCopy({ root: repo.root, server: "greet-server", file: copy, reason: "a try" });
    await promote(repo);
    expect(repo.read("servers/greet-server/shared.lock.json")).not.toContain("detached");
  });

  test("refuses when there is nothing to promote", async () => {
    const repo = await twoServers();
    await expect(promote(repo)).rejects.toThrow("no local change");
    repo.write(source, lines({ 10: "theirs" }));
    await expect(promote(repo)).rejects.toThrow("no local change");
  });

  test("refuses a file that is not a copy, and a server that is not there", async () => {
    const repo = await twoServers();
    await expect(promote(repo, "package.json")).rejects.toThrow("is not a copied file");
    await expect(promoteCopy({ root: repo.root, server: "gree", file: copy })).rejects.toThrow(
      'no server is called "gree"; there are: bye-server, greet-server',
    );
  });

  test("refuses a copy with conflict markers", async () => {
    const repo = await twoServers();
    edit(repo, { 2: "mine" });
    repo.write(source, lines({ 2: "theirs" }));
    await repo.copy();
    await expect(promote(repo)).rejects.toThrow("unresolved conflict markers");
    expect(repo.read(source)).toBe(lines({ 2: "theirs" }));
  });
});

describe("detach", () => {
  const options = (repo: Repo) => ({ root: repo.root, server: "greet-server", file: copy });

  test("makes the check accept an edit, and its undo takes that back", async () => {
    const repo = await twoServers();
    edit(repo, { 2: "mine" });
    const before = repo.read("servers/greet-server/shared.lock.json");
    await detachCopy({ ...options(repo), reason: " needs another \n code " });
    expect(JSON.parse(repo.read("servers/greet-server/shared.lock.json"))[copy].detached).toBe(
      "needs another code",
    );
    expect(kinds(await repo.check())).toEqual([]);
    expect(kinds(await repo.copy())).toEqual([`edited ${copy}`]);
    await attachCopy(options(repo));
    expect(repo.read("servers/greet-server/shared.lock.json")).toBe(before);
    expect(kinds(await repo.check())).toEqual([`!edited ${copy}`]);
  });

  test("still gets merges, stays detached, and a conflict fails", async () => {
    const repo = await twoServers();
    edit(repo, { 2: "mine" });
    await detachCopy({ ...options(repo), reason: "ours" });
    repo.write(source, lines({ 10: "theirs" }));
    expect(kinds(await repo.copy())).toContain(`merged ${copy}`);
    expect(repo.read(file)).toContain(lines({ 2: "mine", 10: "theirs" }));
    expect(kinds(await repo.check())).toEqual([]);
    repo.write(source, lines({ 2: "other", 10: "theirs" }));
    expect(kinds(await repo.copy())).toContain(`!conflicted ${copy}`);
    expect(kinds(await repo.check())).toContain(`!conflicted ${copy}`);
  });

  test("ends when the copy is deleted by hand", async () => {
    const repo = await twoServers();
    edit(repo, { 2: "mine" });
    await detachCopy({ ...options(repo), reason: "ours" });
    repo.remove(file);
    const report = await repo.copy();
    expect(report.findings.at(-1)?.message).toContain("attached to its source again");
    expect(kinds(await repo.check())).toEqual([]);
  });

  test("adopts a file that was in the way of a copy", async () => {
    const repo = smallRepo();
    repo.write(file, "mine\n");
    await detachCopy({ ...options(repo), reason: "was here first" });
    expect(kinds(await repo.check())).toEqual([]);
    expect(repo.read(file)).toBe("mine\n");
  });

  test("refuses an empty reason, and an undo of nothing", async () => {
    const repo = await twoServers();
    await expect(detachCopy({ ...options(repo), reason: " " })).rejects.toThrow("needs a reason");
    await expect(attachCopy(options(repo))).rejects.toThrow("is not detached");
  });
});
