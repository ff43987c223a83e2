import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import {
  addServer,
  command,
  header,
  kinds,
  lines,
  type Repo,
  removeTempFolders,
  smallRepo,
} from "../lib/shared-testing.ts";
import { inTurn } from "../lib/shared-turn.ts";

const names = Array.from({ length: 200 }, (_, n) => `file-${String(n).padStart(3, "0")}.ts`);
const edited = names.filter((_, n) => n % 10 === 0);
const copyOf = (name: string) => `servers/greet-server/src/shared/core/${name}`;

afterAll(removeTempFolders);

function writeSources(repo: Repo, version: string) {
  for (const name of names) repo.write(`shared/core/${name}`, lines({ 1: name, 10: version }));
}

/** Starts a copy and kills it as soon as the copy of one file shows the version. */
async function killAt(repo: Repo, name: string, version: string) {
  const { file, argv, cwd } = command("copy", "--root", repo.root);
  const child = spawn(file, argv, { cwd, stdio: "ignore" });
  const ended = once(child, "exit");
  while (child.exitCode === null) {
    if (repo.has(copyOf(name)) && repo.read(copyOf(name)).includes(version)) break;
    await sleep(1);
  }
  child.kill("SIGKILL");
  const [, signal] = await ended;
  return signal;
}

describe("a run that is killed", () => {
  test("in the middle of a fresh copy is finished by the next one", async () => {
    const repo = smallRepo();
    writeSources(repo, "one");
    expect(await killAt(repo, "file-050.ts", "one")).toBe("SIGKILL");
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
      expect(await killAt(repo, point, "two")).toBe("SIGKILL");
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

  test.each([
    ["merge", { 10: "theirs" }],
    ["conflict", { 2: "theirs" }],
  ])("between a %s and its record is finished by the next one", async (_, theirs) => {
    const repo = smallRepo();
    await repo.copy();
    const file = copyOf("errors.ts");
    const lockFile = "servers/greet-server/shared.lock.json";
    const oldLock = repo.read(lockFile);
    repo.write(file, header("core/errors.ts") + lines({ 2: "mine" }));
    repo.write("shared/core/errors.ts", lines(theirs));
    await repo.copy();
    const done = repo.snapshot();
    repo.write(lockFile, oldLock);
    await repo.copy();
    expect(repo.snapshot()).toEqual(done);
  });
});

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
