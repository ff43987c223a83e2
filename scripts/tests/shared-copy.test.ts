import { chmodSync, existsSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  addModule,
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

const lockFile = "servers/greet-server/shared.lock.json";

async function copied(): Promise<Repo> {
  const repo = smallRepo();
  await repo.copy();
  repo.commit();
  return repo;
}

describe("a fresh copy", () => {
  test("is the source under one header line, and recorded", async () => {
    const repo = smallRepo();
    expect(kinds(await repo.copy())).toEqual([`new ${copy}`]);
    expect(repo.read(file)).toBe(header("core/errors.ts") + lines());
    expect(JSON.parse(repo.read(lockFile))).toEqual({
      [copy]: {
        blob: repo.git("hash-object", source).trim(),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        source: "core/errors.ts",
      },
    });
    expect(kinds(await repo.check())).toEqual([]);
  });

  test("is left byte for byte as it is by the next run", async () => {
    const repo = await copied();
    const before = repo.snapshot();
    expect(kinds(await repo.copy())).toEqual([]);
    expect(repo.snapshot()).toEqual(before);
    expect(repo.git("status", "--porcelain")).toBe("");
  });

  test("brings the modules that its modules need, each to its target", async () => {
    const repo = smallRepo();
    addModule(repo, "mcp", { needs: ["data"] });
    addModule(repo, "data", { needs: ["mcp"], target: "tests/shared" });
    addModule(repo, "toolchain", { target: "." });
    repo.write("shared/mcp/deep/entry.ts", "entry\n");
    repo.write("shared/data/batch.ts", "batch\n");
    repo.write("shared/toolchain/tsconfig.base.json", "{}\n");
    addServer(repo, "greet-server", ["mcp", "toolchain"]);
    expect(kinds(await repo.copy())).toEqual([
      "new tests/shared/data/batch.ts",
      "new src/shared/mcp/deep/entry.ts",
      "new tsconfig.base.json",
    ]);
    expect(kinds(await repo.check())).toEqual([]);
  });

  test.each([
    ["a.mjs", "x\n", `${header("core/a.mjs")}x\n`],
    ["a.css", "x\n", /^\/\* Copied from shared\/core\/a.css by .* \*\/\nx\n$/],
    ["a.md", "# x\n", /^<!-- Copied from shared\/core\/a.md by .* -->\n# x\n$/],
    ["a.yaml", "x: 1\n", /^# Copied from .*\nx: 1\n$/],
    ["Dockerfile", "FROM x\n", /^# Copied from .*\nFROM x\n$/],
    [".editorconfig", "root = true\n", /^# Copied from .*\nroot = true\n$/],
    ["tsconfig.x.json", "{}\n", `${header("core/tsconfig.x.json")}{}\n`],
    ["run.sh", "#!/bin/sh\nx\n", /^#!\/bin\/sh\n# Copied from .*\nx\n$/],
    ["plain.json", "{}\n", "{}\n"],
    ["front.md", "---\na: 1\n---\n", "---\na: 1\n---\n"],
  ])("of %s carries what header it can", async (name, text, expected) => {
    const repo = smallRepo();
    repo.write(`shared/core/${name}`, text);
    await repo.copy();
    expect(repo.read(`servers/greet-server/src/shared/core/${name}`)).toEqual(
      expected instanceof RegExp ? expect.stringMatching(expected) : expected,
    );
    expect(kinds(await repo.check())).toEqual([]);
  });

  test("of a binary file is the same bytes, and an executable one stays executable", async () => {
    const repo = smallRepo();
    const bytes = Buffer.from([0, 13, 10, 255, 13, 10]);
    repo.write("shared/core/logo.png", bytes);
    repo.write("shared/core/run.sh", "#!/bin/sh\n");
    chmodSync(join(repo.root, "shared/core/run.sh"), 0o755);
    await repo.copy();
    const folder = "servers/greet-server/src/shared/core";
    expect(repo.snapshot()[`${folder}/logo.png`]).toBe(bytes.toString("latin1"));
    expect(statSync(join(repo.root, folder, "run.sh")).mode & 0o100).toBe(0o100);
    expect(kinds(await repo.check())).toEqual([]);
  });
});

describe("a copy that was not edited", () => {
  test("is behind when its source changed, and replaced", async () => {
    const repo = await copied();
    repo.write(source, lines({ 3: "three" }));
    const check = await repo.check();
    expect(kinds(check)).toEqual([`!behind ${copy}`]);
    expect(check.findings[0]?.message).toContain('run "pnpm shared:copy greet-server"');
    expect(kinds(await repo.copy())).toEqual([`behind ${copy}`]);
    expect(repo.read(file)).toBe(header("core/errors.ts") + lines({ 3: "three" }));
    expect(kinds(await repo.check())).toEqual([]);
  });

  test("comes back when it was deleted by hand", async () => {
    const repo = await copied();
    repo.remove(file);
    expect(kinds(await repo.check())).toEqual([`!missing ${copy}`]);
    const report = await repo.copy();
    expect(report).toMatchObject({ failed: false });
    expect(report.findings[0]?.message).toContain("deleted by hand and is back");
    expect(repo.read(file)).toBe(header("core/errors.ts") + lines());
  });

  test("gets its header back without counting as edited", async () => {
    const repo = await copied();
    repo.write(file, lines());
    expect(kinds(await repo.check())).toEqual([`!stale-record ${copy}`]);
    await repo.copy();
    expect(repo.read(file)).toBe(header("core/errors.ts") + lines());
  });

  test("is recognised when the lock is gone or older", async () => {
    const repo = await copied();
    const before = repo.read(lockFile);
    repo.remove(lockFile);
    await repo.copy();
    expect(repo.read(lockFile)).toBe(before);
  });
});

describe("an edited copy", () => {
  test("is left alone while its source stays, and fails the check", async () => {
    const repo = await copied();
    edit(repo, { 2: "mine" });
    const before = repo.snapshot();
    const report = await repo.copy();
    expect(kinds(report)).toEqual([`edited ${copy}`]);
    expect(report.failed).toBe(false);
    expect(repo.snapshot()).toEqual(before);
    const check = await repo.check();
    expect(kinds(check)).toEqual([`!edited ${copy}`]);
    expect(check.findings[0]?.message).toMatch(/shared:promote .*shared:detach .*deleting/);
  });

  test("is merged with a change in other lines, again and again", async () => {
    const repo = await copied();
    edit(repo, { 2: "mine" });
    repo.write(source, lines({ 10: "theirs" }));
    expect(kinds(await repo.check())).toEqual([`!merge ${copy}`]);
    expect(kinds(await repo.copy())).toEqual([`merged ${copy}`]);
    expect(repo.read(file)).toBe(header("core/errors.ts") + lines({ 2: "mine", 10: "theirs" }));
    expect(kinds(await repo.copy())).toEqual([`edited ${copy}`]);
    repo.write(source, lines({ 10: "theirs", 18: "more" }));
    expect(kinds(await repo.copy())).toEqual([`merged ${copy}`]);
    expect(repo.read(file)).toBe(
      header("core/errors.ts") + lines({ 2: "mine", 10: "theirs", 18: "more" }),
    );
  });

  test("that made the same change as the source is current", async () => {
    const repo = await copied();
    edit(repo, { 2: "same" });
    repo.write(source, lines({ 2: "same" }));
    await repo.copy();
    expect(kinds(await repo.check())).toEqual([]);
  });

  test("in the same line as the source gets markers, once, and loses nothing", async () => {
    const repo = await copied();
    edit(repo, { 2: "mine" });
    repo.write(source, lines({ 2: "theirs" }));
    const report = await repo.copy();
    expect(kinds(report)).toEqual([`!conflicted ${copy}`]);
    expect(report.failed).toBe(true);
    const marked = repo.read(file);
    expect(marked).toMatch(
      /^<{7} servers.*\nmine\n\|{7} .*\nexport const line2 = 2;\n={7}\ntheirs\n>{7} shared/m,
    );
    repo.write(source, lines({ 2: "theirs", 15: "later" }));
    expect(kinds(await repo.copy())).toEqual([`!conflicted ${copy}`]);
    expect(kinds(await repo.check())).toEqual([`!conflicted ${copy}`]);
    expect(repo.read(file)).toBe(marked);

    edit(repo, { 2: "mine and theirs" });
    expect(kinds(await repo.copy())).toEqual([`merged ${copy}`]);
    expect(repo.read(file)).toContain(lines({ 2: "mine and theirs", 15: "later" }));
  });

  test("with half of the markers resolved is still conflicted", async () => {
    const repo = await copied();
    edit(repo, { 2: "mine" });
    repo.write(source, lines({ 2: "theirs" }));
    await repo.copy();
    repo.write(file, repo.read(file).replace(/^<{7} .*\n/m, ""));
    expect(kinds(await repo.copy())).toEqual([`!conflicted ${copy}`]);
  });

  test("that is binary is kept and reported when its source changed", async () => {
    const repo = smallRepo();
    repo.write("shared/core/logo.png", Buffer.from([0, 1]));
    await repo.copy();
    const logo = "servers/greet-server/src/shared/core/logo.png";
    repo.write(logo, Buffer.from([0, 2]));
    repo.write("shared/core/logo.png", Buffer.from([0, 3]));
    expect(kinds(await repo.copy())).toEqual(["!merge src/shared/core/logo.png"]);
    expect(repo.read(logo)).toBe("\0\u0002");
  });
});

describe("files that are in the way", () => {
  test("one that nobody copied is reported, fails the check and stays", async () => {
    const repo = await copied();
    repo.write("servers/greet-server/src/shared/core/own.ts", "own\n");
    const report = await repo.copy();
    expect(kinds(report)).toEqual(["unknown src/shared/core/own.ts"]);
    expect(report.failed).toBe(false);
    expect(kinds(await repo.check())).toEqual(["!unknown src/shared/core/own.ts"]);
    expect(repo.read("servers/greet-server/src/shared/core/own.ts")).toBe("own\n");
  });

  test("one where a copy is to go is not overwritten", async () => {
    const repo = smallRepo();
    repo.write(file, "mine\n");
    expect(kinds(await repo.copy())).toEqual([`!blocked ${copy}`]);
    expect(repo.read(file)).toBe("mine\n");
    expect(kinds(await repo.check())).toEqual([`!blocked ${copy}`]);
  });

  test("a linked folder is refused, so that a source is never written through it", async () => {
    const repo = await copied();
    rmSync(join(repo.root, "servers/greet-server/src/shared/core"), { recursive: true });
    symlinkSync(
      join(repo.root, "shared/core"),
      join(repo.root, "servers/greet-server/src/shared/core"),
    );
    expect(kinds(await repo.copy())).toContain(`!unreadable ${copy}`);
    expect(repo.read(source)).toBe(lines());
  });

  test("a source with conflict markers is not spread", async () => {
    const repo = await copied();
    repo.write(source, "<<<<<<< a\n1\n=======\n2\n>>>>>>> b\n");
    expect(kinds(await repo.copy())).toEqual([`!broken-source ${copy}`]);
    expect(repo.read(file)).toBe(header("core/errors.ts") + lines());
  });
});

describe("packages", () => {
  test("of the modules are added to and aligned in package.json", async () => {
    const repo = smallRepo();
    addModule(repo, "core", { packages: { zod: "^4.6.7", undici: "^7.30.2", pino: "^10.4.0" } });
    addServer(repo, "greet-server", ["core"], {
      dependencies: { undici: "^6.0.0", own: "1.0.0" },
      devDependencies: { pino: "^9.0.0", vitest: "^4.0.0" },
    });
    expect(kinds(await repo.check()).filter((kind) => kind.startsWith("!packages"))).toHaveLength(
      3,
    );
    const report = await repo.copy();
    expect(report.failed).toBe(false);
    expect(report.findings.at(-1)?.message).toContain('run "pnpm install"');
    expect(JSON.parse(repo.read("servers/greet-server/package.json"))).toMatchObject({
      name: "greet-server",
      dependencies: { own: "1.0.0", undici: "^7.30.2" },
      devDependencies: { pino: "^10.4.0", vitest: "^4.0.0", zod: "^4.6.7" },
    });
    expect(kinds(await repo.check())).toEqual([]);
  });

  test("that two modules want in different ranges are an error", async () => {
    const repo = smallRepo();
    addModule(repo, "core", { packages: { zod: "^4.6.7" } });
    addModule(repo, "data", { packages: { zod: "^3.0.0" } });
    addServer(repo, "greet-server", ["core", "data"]);
    const { failed, findings } = await repo.copy();
    expect(failed).toBe(true);
    expect(findings[0]?.message).toMatch(/core wants zod \^4.6.7 and shared\/data wants \^3.0.0/);
  });
});

describe("mistakes", () => {
  test("in one server do not keep the others from being copied", async () => {
    const repo = smallRepo();
    addServer(repo, "a-server", ["cor"]);
    const report = await repo.copy();
    expect(report.findings[0]?.message).toContain('module "cor", which is not in: core');
    expect(report.failed).toBe(true);
    expect(repo.has(file)).toBe(true);
  });

  test("in a lock cannot make a run touch files outside the server", async () => {
    const repo = await copied();
    repo.write("outside.ts", "x\n");
    const entry = { blob: "0".repeat(40), sha256: "0", source: "core/a.ts" };
    repo.write(lockFile, JSON.stringify({ "../../outside.ts": entry }));
    const report = await repo.copy();
    expect(report.findings[0]?.message).toContain("relative path inside the server");
    expect(existsSync(join(repo.root, "outside.ts"))).toBe(true);
  });

  test("two modules that want the same place are named", async () => {
    const repo = smallRepo();
    for (const name of ["one", "two"]) {
      addModule(repo, name, { target: "." });
      repo.write(`shared/${name}/a.json`, "{}");
    }
    addServer(repo, "greet-server", ["one", "two"]);
    const report = await repo.copy();
    expect(report.findings[0]?.message).toContain("shared/one/a.json and shared/two/a.json");
  });
});
