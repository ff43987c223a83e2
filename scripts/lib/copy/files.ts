import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { SharedError } from "./errors.ts";

const litter = /^(\.DS_Store|Thumbs\.db|4913|.*~|\..*\.sw[a-z])$/;
const scratchName = ".shared-tmp";

/** Every file below a folder, as sorted relative paths with forward slashes. */
export function walk(folder: string, inside = ""): string[] {
  if (!existsSync(join(folder, inside))) return [];
  const found = readdirSync(join(folder, inside), { withFileTypes: true }).flatMap((item) => {
    const path = inside === "" ? item.name : `${inside}/${item.name}`;
    if (item.name === "node_modules" || litter.test(item.name)) return [];
    return item.isDirectory() ? walk(folder, path) : [path];
  });
  return inside === "" ? found.sort() : found;
}

/** The bytes of a plain file, or undefined where there is none. Links are never followed. */
export function readPlain(folder: string, path: string): Buffer | undefined {
  let at = folder;
  for (const part of path.split("/")) {
    at = join(at, part);
    const stat = lstatSync(at, { throwIfNoEntry: false });
    if (!stat) return undefined;
    if (stat.isSymbolicLink()) throw new SharedError("a symbolic link is in its way: remove it");
    const leaf = at === join(folder, path);
    if (leaf !== stat.isFile()) throw new SharedError("something that is no file is in its way");
  }
  return readFileSync(at);
}

/** A folder for half-written files, on the same disk as what they will replace. */
export interface Scratch {
  file(bytes: Buffer): string;
  close(): void;
}

/** Also clears what a killed run left there. */
export function openScratch(folder: string): Scratch {
  const path = join(folder, scratchName);
  const close = () => rmSync(path, { recursive: true, force: true });
  let count = 0;
  close();
  return {
    close,
    file(bytes) {
      mkdirSync(path, { recursive: true });
      count += 1;
      const file = join(path, String(count));
      writeFileSync(file, bytes);
      return file;
    },
  };
}

export interface Replacement {
  readonly folder: string;
  readonly path: string;
  /** The bytes the decision was based on. */
  readonly seen: Buffer | undefined;
  readonly next: Buffer;
  readonly executable?: boolean;
}

/** All or nothing: a reader and a kill see the old file or the new one. */
export function replaceFile(scratch: Scratch, what: Replacement): void {
  const temporary = scratch.file(what.next);
  if (what.executable) chmodSync(temporary, 0o755);
  const target = join(what.folder, what.path);
  mkdirSync(dirname(target), { recursive: true });
  refuseIfChanged(what.folder, what.path, what.seen);
  renameSync(temporary, target);
}

/** Removes a file and the folders that are empty without it. */
export function removeFile(folder: string, path: string, seen: Buffer): void {
  refuseIfChanged(folder, path, seen);
  rmSync(join(folder, path));
  let parent = dirname(path);
  while (parent !== "." && readdirSync(join(folder, parent)).length === 0) {
    rmdirSync(join(folder, parent));
    parent = dirname(parent);
  }
}

// an editor may have saved since the file was read
function refuseIfChanged(folder: string, path: string, seen: Buffer | undefined): void {
  const now = readPlain(folder, path);
  if (now === undefined ? seen === undefined : seen?.equals(now)) return;
  throw new SharedError("it changed while it was being copied and was left alone: run again");
}
