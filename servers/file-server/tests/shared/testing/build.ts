// Copied from shared/testing/build.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { until } from "./within.ts";

const ENTRIES = ["dist/stdio.cjs", "dist/http.js", "dist/server.js"];
const SOURCES = ["src", "package.json", "tools.lock.json", "rolldown.config.js"];
/** Milliseconds that a build may take, and that others wait for it. */
const BUILD_MS = 60_000;

/**
 * Builds the server in `folder` unless what is built is newer than what it is built from, so that
 * the folder alone can install and test. Suites that run at the same time build once.
 */
export async function ensureBuilt(folder = process.cwd()): Promise<void> {
  if (await isFresh(folder)) return;
  const unlock = await lock(join(folder, "node_modules", ".contract-build"));
  try {
    if (!(await isFresh(folder))) await build(folder);
  } finally {
    await unlock();
  }
}

async function isFresh(folder: string): Promise<boolean> {
  const built = await Promise.all(ENTRIES.map((file) => modified(join(folder, file))));
  const oldest = Math.min(...built.map((time) => time ?? 0));
  if (oldest === 0) return false;
  const times = await Promise.all(SOURCES.map((path) => newest(join(folder, path))));
  return Math.max(...times) <= oldest;
}

async function modified(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return undefined;
  }
}

async function newest(path: string): Promise<number> {
  const names = await readdir(path).catch(() => []); // a file has no entries
  const inside = await Promise.all(names.map((name) => newest(join(path, name))));
  return Math.max((await modified(path)) ?? 0, ...inside);
}

/** What it means to rename a folder to where another one is. */
const TAKEN = ["ENOTEMPTY", "EEXIST", "EPERM"];

/**
 * Waits until the folder at `path` is its own, and gives what frees it. It is made elsewhere and renamed,
 * so that it never is without the process that holds it; that of one which has died is taken over.
 */
async function lock(path: string): Promise<() => Promise<void>> {
  const own = `${path}.${process.pid}.${randomUUID()}`;
  await mkdir(own);
  await writeFile(join(own, "pid"), String(process.pid));
  const take = async () => {
    try {
      await rename(own, path);
      return true;
    } catch (error) {
      if (!isCode(error, ...TAKEN)) throw error;
      await removeAbandoned(path, `${own}.grave`);
      return false;
    }
  };
  const removeOwn = () => rm(own, { recursive: true, force: true });
  try {
    await until(take, `The lock of another build, ${path}, was not released; that`, BUILD_MS);
  } catch (error) {
    await removeOwn();
    throw error;
  }
  // aside first: from then on what stands in its place is another's
  return () => rename(path, own).then(removeOwn);
}

/** Aside before it is removed: of two that find it abandoned one gets it, and nobody's new one goes. */
async function removeAbandoned(path: string, grave: string): Promise<void> {
  const owner = await ownerOf(path);
  if (isAlive(Number(owner))) return;
  try {
    await rename(path, grave);
    if ((await ownerOf(grave)) === owner) await rm(grave, { recursive: true, force: true });
    else await rename(grave, path);
  } catch (error) {
    if (!isCode(error, "ENOENT", ...TAKEN)) throw error;
  }
}

const ownerOf = (path: string) => readFile(join(path, "pid"), "utf8").catch(() => "");

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return !isCode(error, "ESRCH");
  }
}

const isCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && "code" in error && codes.includes(String(error.code));

/** Runs the server's own bundler by Node: no shell, no package manager, so it is ours to end. */
async function build(folder: string): Promise<void> {
  const manifest = createRequire(resolve(folder, "package.json")).resolve("rolldown/package.json");
  const { bin } = JSON.parse(await readFile(manifest, "utf8"));
  const cli = resolve(manifest, "..", typeof bin === "string" ? bin : bin.rolldown);
  const child = spawn(process.execPath, [cli, "-c"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: BUILD_MS,
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      said += chunk;
    });
  }
  const code = await new Promise((done, fail) => {
    child.once("error", fail);
    child.once("close", done);
  });
  if (code !== 0) throw new Error(`rolldown -c ended with ${code}:\n${said}`);
}
