import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import {
  addServer,
  copy,
  edit,
  file,
  header,
  kinds,
  lines,
  repoAt,
  smallRepo,
  source,
} from "./support/copy-repository.ts";
import { tempFolder } from "./support/temp-folder.ts";

/** A depth-1 clone in which an edited copy is based on a version that only the origin has. */
async function shallowClone() {
  const origin = smallRepo();
  await origin.copy();
  origin.commit();
  edit(origin, { 2: "mine" });
  origin.write(source, lines({ 10: "theirs" }));
  origin.commit();
  const clone = repoAt(join(tempFolder(), "clone"));
  const url = pathToFileURL(origin.root).href;
  origin.git("clone", "-q", "--depth", "1", url, clone.root);
  const base = JSON.parse(clone.read("servers/greet-server/shared.lock.json"))[copy].blob;
  expect(() => clone.git("cat-file", "-e", base)).toThrow();
  return { origin, clone, base };
}

describe("the base of a merge", () => {
  test("is fetched by its id into a shallow clone", async () => {
    const { clone } = await shallowClone();
    expect(kinds(await clone.copy())).toEqual([`merged ${copy}`]);
    expect(clone.read(file)).toContain(lines({ 2: "mine", 10: "theirs" }));
  });

  test("that cannot be fetched is asked for, and nothing is touched", async () => {
    const { origin, clone, base } = await shallowClone();
    // protocol 0 serves only what a branch points at
    clone.git("config", "protocol.version", "0");
    const before = clone.snapshot();
    const report = await clone.copy();
    expect(kinds(report)).toEqual([`!no-base ${copy}`]);
    expect(report.findings[0]?.message).toContain("git fetch --unshallow");
    expect(report.findings[0]?.message).toContain(base);
    expect(clone.snapshot()).toEqual(before);

    renameSync(origin.root, `${origin.root}-gone`);
    expect(kinds(await clone.copy())).toEqual([`!no-base ${copy}`]);
    renameSync(`${origin.root}-gone`, origin.root);

    clone.git("fetch", "-q", "--unshallow");
    expect(kinds(await clone.copy())).toEqual([`merged ${copy}`]);
  });

  test("is there for a source that was never committed", async () => {
    const repo = smallRepo();
    repo.write(source, lines({ 5: "not committed" }));
    await repo.copy();
    edit(repo, { 2: "mine", 5: "not committed" });
    repo.write(source, lines({ 5: "not committed", 10: "theirs" }));
    expect(kinds(await repo.copy())).toEqual([`merged ${copy}`]);
    expect(repo.read(file)).toContain(lines({ 2: "mine", 5: "not committed", 10: "theirs" }));
  });

  test("is there for each of the sources that were copied at once", async () => {
    const repo = smallRepo();
    const names = ["a", "b", "c"];
    for (const name of names) repo.write(`shared/core/${name}.ts`, lines({ 1: name }));
    repo.write("shared/core/crlf.ts", lines({ 1: "crlf" }).replaceAll("\n", "\r\n"));
    await repo.copy();
    const lock: Record<string, { blob: string }> = JSON.parse(
      repo.read("servers/greet-server/shared.lock.json"),
    );
    for (const { blob } of Object.values(lock)) repo.git("cat-file", "-e", blob);
    expect(Object.keys(lock)).toHaveLength(5);
  });
});

describe("a checkout with CRLF", () => {
  test("is compared by its text, and what is written has LF", async () => {
    const origin = smallRepo();
    await origin.copy();
    origin.commit();
    const clone = repoAt(join(tempFolder(), "clone"));
    origin.git("-c", "core.autocrlf=true", "clone", "-q", origin.root, clone.root);
    clone.git("config", "core.autocrlf", "true");
    expect(clone.read(source)).toContain("\r\n");
    expect(clone.read(file)).toContain("\r\n");
    expect(kinds(await clone.check())).toEqual([]);
    expect(kinds(await clone.copy())).toEqual([]);

    clone.write(file, clone.read(file).replace("export const line2 = 2;", "mine"));
    clone.write(source, lines({ 10: "theirs" }).replaceAll("\n", "\r\n"));
    expect(kinds(await clone.copy())).toEqual([`merged ${copy}`]);
    expect(clone.read(file)).toBe(header("core/errors.ts") + lines({ 2: "mine", 10: "theirs" }));
  });
});

describe("without a git repository", () => {
  test("copying fresh and behind files works, and a merge says what it needs", async () => {
    const repo = smallRepo();
    await repo.copy();
    rmSync(join(repo.root, ".git"), { recursive: true });
    addServer(repo, "bye-server", ["core"]);
    repo.write(source, lines({ 10: "theirs" }));
    expect(kinds(await repo.copy())).toEqual([`new ${copy}`, `behind ${copy}`]);
    expect(kinds(await repo.check())).toEqual([]);

    edit(repo, { 2: "mine", 10: "theirs" });
    repo.write(source, lines({ 10: "again" }));
    const before = repo.snapshot()[file];
    const report = await repo.copy();
    expect(kinds(report)).toContain(`!no-base ${copy}`);
    expect(report.findings.at(-1)?.message).toContain("this is no git repository");
    expect(repo.snapshot()[file]).toBe(before);
  });
});
