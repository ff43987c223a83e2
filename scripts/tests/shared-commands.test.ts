import { spawn } from "node:child_process";
import { once } from "node:events";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import {
  command,
  copy,
  file,
  header,
  lines,
  type Repo,
  run,
  smallRepo,
} from "./support/copy-repository.ts";

describe("the commands", () => {
  test.each(["copy", "promote", "detach"] as const)("shared:%s explains itself", (name) => {
    const { status, stdout } = run(name, "--help");
    expect(status).toBe(0);
    expect(stdout).toContain(`Usage: pnpm shared:${name}`);
  });

  test("copy, check, detach and promote end with the code that scripts rely on", () => {
    const repo = smallRepo();
    const root = ["--root", repo.root];
    const one = [...root, "greet", copy];
    expect(run("copy", ...root, "--check")).toMatchObject({
      status: 1,
      stdout: `greet-server: ${copy} is missing: run "pnpm shared:copy greet-server"\n`,
    });
    expect(repo.has(file)).toBe(false);
    expect(run("copy", ...root, "servers/greet-server/").stdout).toBe(
      `greet-server: ${copy} copied from shared/core/errors.ts\n`,
    );
    expect(run("copy", "--", ...root, "--check")).toMatchObject({
      status: 0,
      stdout: "greet-server: 1 shared files are current\n",
    });
    repo.write(file, header("core/errors.ts") + lines({ 2: "mine" }));
    expect(run("detach", ...one).status).toBe(2);
    expect(run("detach", ...one, "--reason", "ours").status).toBe(0);
    expect(run("promote", ...one).status).toBe(0);
    expect(run("promote", ...one)).toMatchObject({
      status: 1,
      stderr: `nothing to promote: ${file} has no local change\n`,
    });
  });

  test("a server that is not there is answered with those that are", () => {
    const repo = smallRepo();
    expect(run("copy", "--root", repo.root, "gree")).toMatchObject({
      status: 1,
      stderr: 'no server is called "gree"; there are: greet-server\n',
    });
  });

  test("a conflict fails the copy and is named", async () => {
    const repo = smallRepo();
    await repo.copy();
    repo.write(file, header("core/errors.ts") + lines({ 2: "mine" }));
    repo.write("shared/core/errors.ts", lines({ 2: "theirs" }));
    const { status, stdout } = run("copy", "--root", repo.root);
    expect(status).toBe(1);
    expect(stdout).toContain(`greet-server: ${copy} could not be merged`);
  });

  test("--diff shows what a copy changes, and writes nothing", async () => {
    const repo = smallRepo();
    await repo.copy();
    repo.write(file, header("core/errors.ts") + lines({ 2: "mine" }));
    const before = repo.snapshot();
    const { status, stdout } = run("copy", "--root", repo.root, "--diff");
    expect(status).toBe(0);
    expect(stdout).toContain(`--- a/shared/core/errors.ts\n+++ b/${file}\n`);
    expect(stdout).toContain("-export const line2 = 2;\n+mine\n");
    expect(stdout).not.toContain("Copied from");
    expect(repo.snapshot()).toEqual(before);
  });

  test("--check writes nothing, whatever it finds", async () => {
    const repo = smallRepo();
    await repo.copy();
    repo.write("shared/core/errors.ts", lines({ 2: "theirs" }));
    repo.write("shared/core/new.ts", "new\n");
    const before = repo.snapshot();
    await repo.check();
    expect(repo.snapshot()).toEqual(before);
  });
});

describe("--watch", () => {
  test("copies what is saved, replaced and added until it is interrupted", async () => {
    const repo = smallRepo();
    const { file: node, argv, cwd } = command("copy", "--root", repo.root, "--watch");
    const child = spawn(node, argv, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    const ended = once(child, "exit");
    let complained = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complained += text;
    });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    await until(() => said.includes("watching shared/"));
    expect(repo.has(file)).toBe(true);

    repo.write("shared/core/errors.ts", lines({ 2: "saved" }));
    await shows(repo, file, "saved");
    repo.write("shared/saving", lines({ 2: "replaced" }));
    renameSync(join(repo.root, "shared/saving"), join(repo.root, "shared/core/errors.ts"));
    await shows(repo, file, "replaced");
    repo.write("shared/core/errors.ts", lines({ 2: "saved again" }));
    await shows(repo, file, "saved again");
    repo.write("shared/core/deep/er/new.ts", "added\n");
    await shows(repo, "servers/greet-server/src/shared/core/deep/er/new.ts", "added");
    repo.write("shared/core/deep/er/new.ts", "changed\n");
    await shows(repo, "servers/greet-server/src/shared/core/deep/er/new.ts", "changed");
    repo.write("shared/core/module.json", "{");
    await until(() => complained.includes("module.json"));
    repo.write("shared/core/module.json", '{ "description": "x" }');
    repo.write("shared/core/errors.ts", lines({ 2: "still here" }));
    await shows(repo, file, "still here");

    child.kill("SIGINT");
    expect(await ended).toEqual([0, null]);
  });
});

async function shows(repo: Repo, path: string, text: string) {
  await until(() => repo.has(path) && repo.read(path).includes(text));
}

async function until(isSo: () => boolean) {
  const end = Date.now() + 30_000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error("it did not happen within 30 s");
    await sleep(20);
  }
}
