import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { applyStep } from "../lib/copy/apply.ts";
import { openScratch, type Scratch } from "../lib/copy/files.ts";
import { openGit } from "../lib/copy/git.ts";
import { listModules } from "../lib/copy/modules.ts";
import { pairRenames } from "../lib/copy/rename.ts";
import { pickServers } from "../lib/copy/servers.ts";
import { inTurn } from "../lib/copy/turn.ts";
import { viewServer } from "../lib/copy/view.ts";
import {
  addServer,
  command,
  header,
  kinds,
  lines,
  type Repo,
  smallRepo,
} from "./support/copy-repository.ts";

const names = Array.from({ length: 200 }, (_, n) => `file-${String(n).padStart(3, "0")}.ts`);
const edited = names.filter((_, n) => n % 10 === 0);
const copyOf = (name: string) => `servers/greet-server/src/shared/core/${name}`;

function writeSources(repo: Repo, version: string) {
  for (const name of names) repo.write(`shared/core/${name}`, lines({ 1: name, 10: version }));
}

/** Starts a copy that is killed as soon as the copy of one file is in its place; from outside it may come too late. */
async function killAt(repo: Repo, name: string) {
  const { file, argv, cwd } = command("copy", "--root", repo.root);
  const preload = `data:text/javascript,${encodeURIComponent(dieAt(join(repo.root, copyOf(name))))}`;
  const child = spawn(file, ["--import", preload, ...argv], { cwd, stdio: "ignore" });
  const [, signal] = await once(child, "exit");
  return signal;
}

const dieAt = (path: string) => `
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
const { renameSync } = fs;
fs.renameSync = (from, to) => {
  renameSync(from, to);
  if (to === ${JSON.stringify(path)}) process.kill(process.pid, "SIGKILL");
};
syncBuiltinESMExports();
`;

describe("a run that is killed", () => {
  test("in the middle of a fresh copy is finished by the next one", async () => {
    const repo = smallRepo();
    writeSources(repo, "one");
    expect(await killAt(repo, "file-050.ts")).toBe("SIGKILL");
    expect(repo.has(copyOf("file-199.ts"))).toBe(false);
    expect((await repo.copy()).failed).toBe(false);
    expect(kinds(await repo.check())).toEqual([]);
    expect(repo.has("servers/greet-server/.shared-tmp")).toBe(false);
  });

  test("at several points of merging loses no edit and merges nothing twice", async () => {
    const repo = smallRepo();
    writeSources(repo, "one");
    await repo.copy();
    for (const name of edited) {
      repo.write(copyOf(name), header(`core/${name}`) + lines({ 1: name, 2: "mine", 10: "one" }));
    }
    writeSources(repo, "two");
    const points = ["file-000.ts", "file-031.ts", "file-100.ts", "file-170.ts"];
    for (const point of points) {
      expect(await killAt(repo, point)).toBe("SIGKILL");
      JSON.parse(repo.read("servers/greet-server/shared.lock.json"));
    }
    expect(repo.read(copyOf("file-199.ts"))).toContain("one");
    expect((await repo.copy()).failed).toBe(false);
    for (const name of names) {
      const mine: Record<number, string> = edited.includes(name) ? { 2: "mine" } : {};
      const expected = header(`core/${name}`) + lines({ 1: name, ...mine, 10: "two" });
      expect(repo.read(copyOf(name))).toBe(expected);
    }
    expect(kinds(await repo.check())).toEqual(
      edited.map((name) => `!edited src/shared/core/${name}`),
    );
    expect(repo.has("servers/greet-server/.shared-tmp")).toBe(false);
  });
});

describe("a run that ends between any two of its writes", () => {
  const [old, renamed] = ["shared/core/errors.ts", "shared/core/failures.ts"];
  const change = (repo: Repo, from: string, to: string, changes: Record<number, string>) => {
    if (from !== to) repo.remove(from);
    repo.write(to, lines(changes));
  };

  test.each([
    ["an update", {}, old, { 10: "theirs" }],
    ["a merge", { 2: "mine" }, old, { 10: "theirs" }],
    ["a conflict", { 2: "mine" }, old, { 2: "theirs" }],
    ["a move", {}, renamed, {}],
    ["a rename with an edit", { 2: "mine" }, renamed, { 10: "theirs" }],
    ["a rename with a conflict", { 2: "mine" }, renamed, { 2: "theirs" }],
  ])("during %s is finished by the next one", async (_, mine, to, theirs) => {
    const make = async () => {
      const repo = smallRepo();
      await repo.copy();
      repo.write(copyOf("errors.ts"), header("core/errors.ts") + lines(mine));
      change(repo, old, to, theirs);
      return repo;
    };
    const whole = await make();
    await whole.copy();
    let writes = 0;
    for (let ended = false; !ended; writes += 1) {
      const repo = await make();
      ended = copyUntilWrite(repo, writes);
      await repo.copy();
      expect(repo.snapshot()).toEqual(whole.snapshot());
    }
    expect(writes).toBeGreaterThan(2);
  });

  test("with only the old copy of a renamed file left to remove removes it", async () => {
    const repo = smallRepo();
    await repo.copy();
    repo.write(copyOf("errors.ts"), header("core/errors.ts") + lines({ 2: "mine" }));
    change(repo, old, renamed, { 10: "theirs" });
    const { work, steps } = prepare(repo, openScratch(join(repo.root, "servers/greet-server")));
    const [step] = steps;
    if (step?.kind !== "carry") throw new Error("no rename was seen");
    const copy = { ...step.from.copy, raw: Buffer.from("so that removing it fails") };
    expect(() => applyStep(work, { ...step, from: { ...step.from, copy } })).toThrow("changed");
    expect(repo.has(copyOf("errors.ts"))).toBe(true);
    await repo.copy();
    expect(repo.has(copyOf("errors.ts"))).toBe(false);
    expect(repo.read(copyOf("failures.ts"))).toContain(lines({ 2: "mine", 10: "theirs" }));
    expect(kinds(await repo.check())).toEqual(["!edited src/shared/core/failures.ts"]);
  });
});

/** Copies until the given write, counted from 0, and says whether all was done before it. */
function copyUntilWrite(repo: Repo, last: number): boolean {
  const real = openScratch(join(repo.root, "servers/greet-server"));
  let count = 0;
  const file = (bytes: Buffer) => {
    count += 1;
    if (count > last) throw new Error("killed");
    return real.file(bytes);
  };
  const { work, steps } = prepare(repo, { ...real, file });
  try {
    for (const step of steps) applyStep(work, step);
    return true;
  } catch (error) {
    if (error instanceof Error && error.message === "killed") return false;
    throw error;
  }
}

function prepare({ root }: Repo, scratch: Scratch) {
  const [server] = pickServers(root, ["greet-server"]);
  if (!server) throw new Error("no server");
  const git = openGit(root);
  const { lock, steps, files } = viewServer(server, listModules(root));
  git.store([...files.values()]);
  const work = { server, lock, git, scratch };
  return { work, steps: pairRenames(steps, (blob) => git.blob(blob, false)) };
}

describe("two runs at once", () => {
  test("follow each other and leave everything current", async () => {
    const repo = smallRepo();
    writeSources(repo, "one");
    addServer(repo, "bye-server", ["core"]);
    const ends = [1, 2, 3].map(() => {
      const { file, argv, cwd } = command("copy", "--root", repo.root);
      return once(spawn(file, argv, { cwd, stdio: "ignore" }), "exit");
    });
    expect((await Promise.all(ends)).map(([code]) => code)).toEqual([0, 0, 0]);
    expect(kinds(await repo.check())).toEqual([]);
  });

  test("are refused when the first takes too long", async () => {
    const repo = smallRepo();
    await inTurn(repo.root, async () => {
      await expect(inTurn(repo.root, () => undefined, 60)).rejects.toThrow("another run (process");
    });
    expect(await inTurn(repo.root, () => "now", 60)).toBe("now");
  });
});
