import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  type Dirent,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { chmod, link, mkdir, open, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join, resolve } from "node:path";
import type { Setup } from "./attack-cases.ts";
import { type RawZip, rawZip } from "./raw-zips.ts";
import { makeZipBomb, makeZipLink, makeZipSlip } from "./zips.ts";

type Undo = () => unknown;

/** Makes what a case needs; what it starts is ended by what it returns. */
export async function setUp(steps: readonly Setup[]): Promise<Undo> {
  const undo: Undo[] = [];
  for (const step of steps) {
    const end = await makeOne(step);
    if (end) undo.push(end);
  }
  return async () => {
    for (const end of undo) await end();
  };
}

async function makeOne(step: Setup): Promise<Undo | undefined> {
  const { type, path = "", content = "", target = "", mode, size = 0, depth = 0 } = step;
  const { char = "x", count = 0, hex = "", uncompressed = 0 } = step;
  if (path !== "") await mkdir(dirname(path), { recursive: true });
  if (type === "file") await writeFile(path, content);
  else if (type === "dir") await mkdir(path, { recursive: true });
  else if (type === "symlink") await symlink(target, path);
  else if (type === "fifo") execFileSync("mkfifo", [path]);
  else if (type === "deep") await mkdir(join(path, "d/".repeat(depth)), { recursive: true });
  else if (type === "sparse") await makeSparse(path, size);
  else if (type === "fill") await writeFile(path, char.repeat(size));
  else if (type === "bytes") await writeFile(path, hex, "hex");
  else if (type === "many") makeMany(path, count);
  else if (type === "zipbomb") await makeZipBomb(path, uncompressed);
  else if (type === "zipslip") await makeZipSlip(path);
  else if (type === "zipsymlink") await makeZipLink(path, target);
  else if (type === "socket") return listenAt(path);
  else if (type === "hardlink") await link(target, path);
  else if (type === "zip") await writeFile(path, packed(step.zip ?? { entries: [] }));
  else if (type === "rawname")
    await writeFile(Buffer.concat([Buffer.from(`${path}/`), Buffer.from(hex, "hex")]), content);
  else if (type === "rawdir")
    await mkdir(Buffer.concat([Buffer.from(`${path}/`), Buffer.from(hex, "hex")]));
  else if (type === "racer") return race(step);
  else throw new Error(`No setup is known for ${type}`);
  if (mode) await chmod(path, Number.parseInt(mode, 8));
  return undefined;
}

const zips = new Map<string, Buffer>();

/** Packed once for all users: some take seconds. */
function packed(zip: RawZip): Buffer {
  const key = JSON.stringify(zip);
  const bytes = zips.get(key) ?? rawZip(zip);
  zips.set(key, bytes);
  return bytes;
}

async function makeSparse(path: string, size: number): Promise<void> {
  const file = await open(path, "w");
  await file.truncate(size);
  await file.close();
}

/** Without waiting between: many thousand waits take longer than the work. */
function makeMany(path: string, count: number): void {
  mkdirSync(path);
  for (let i = 0; i < count; i += 1) writeFileSync(join(path, `file-${i}.txt`), "");
}

async function listenAt(path: string): Promise<Undo> {
  const listener = createServer().listen(path);
  await once(listener, "listening");
  return () => listener.close();
}

/** Swaps two names until it is stopped: in C as one step, without a compiler in three. */
function race({ a = "", b = "", us = 50 }: Setup): Undo {
  const program = process.platform === "linux" ? compileRacer() : undefined;
  const child = program
    ? spawn(program, [a, b, String(us)])
    : spawn(process.execPath, [resolve("tests/fixtures/racer.mjs"), a, b]);
  return async () => {
    const end = once(child, "close");
    child.kill("SIGKILL");
    await end;
  };
}

/** Compiled once and kept; under a name of its own first, because test files run side by side. */
function compileRacer(): string | undefined {
  const program = resolve("node_modules", ".racer");
  if (existsSync(program)) return program;
  try {
    const made = `${program}-${process.pid}`;
    const source = resolve("tests/fixtures/racer.c");
    execFileSync("cc", ["-O", "-o", made, source], { stdio: "ignore" });
    renameSync(made, program);
    return program;
  } catch {
    return undefined;
  }
}

/** Gives a user all that is below a folder: else every write fails for want of permission, not by our rules. */
export function giveTo(owner: { uid: number; gid: number }, folder: string): void {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) giveTo(owner, path);
    else chownIfThere(path, owner);
  }
  chownIfThere(folder, owner);
}

/** A folder whose name is no text has none that could be named. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function chownIfThere(path: string, { uid, gid }: { uid: number; gid: number }): void {
  try {
    lchownSync(path, uid, gid);
  } catch {
    // its name is no text
  }
}

/** Names and bytes of everything below `folder` but `except`, to be compared before and after. */
export function inventory(folder: string, except: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (path === except) continue;
    if (entry.isDirectory()) found.push(path, ...inventory(path, except));
    else if (entry.isSymbolicLink()) found.push(`${path} -> ${readlinkSync(path)}`);
    else found.push(`${path}: ${readFileSync(path, "hex")}`);
  }
  return found.sort();
}
