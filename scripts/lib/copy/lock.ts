import { existsSync } from "node:fs";
import { join } from "node:path";
import { SharedError } from "./errors.ts";
import { readPlain, replaceFile, type Scratch } from "./files.ts";
import { asInnerPath, asObject, asText, readJson } from "./json.ts";

export interface LockEntry {
  /** Below shared/. */
  readonly source: string;
  /** git's id of the source this copy is based on: the base of the next merge. */
  readonly blob: string;
  /** Of the copy as it is without any local change, so that a merged copy still counts as edited. */
  readonly sha256: string;
  /** Why the copy is a fork on purpose. */
  readonly detached?: string;
}

/** By path in the server. */
export type Lock = Map<string, LockEntry>;

const fileName = "shared.lock.json";

export function readLock(folder: string): Lock {
  const path = join(folder, fileName);
  if (!existsSync(path)) return new Map();
  try {
    const entries = Object.entries(readJson(path, fileName));
    return new Map(
      entries.map(([key, value]) => [asInnerPath(key, "a path"), toEntry(key, value)]),
    );
  } catch (error) {
    if (!(error instanceof SharedError)) throw error;
    throw new SharedError(
      `${error.message}: after a git merge take either side of ${fileName} and copy again`,
    );
  }
}

/** The same lock gives the same bytes. */
export function writeLock(folder: string, lock: Lock, scratch: Scratch): void {
  const seen = readPlain(folder, fileName);
  if (!seen && lock.size === 0) return;
  const sorted = [...lock]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, entry]) => {
      const { source, blob, sha256, detached } = entry;
      return [path, { blob, ...(detached ? { detached } : {}), sha256, source }];
    });
  const next = Buffer.from(`${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
  if (seen?.equals(next)) return;
  replaceFile(scratch, { folder, path: fileName, seen, next });
}

function toEntry(key: string, value: unknown): LockEntry {
  const entry = asObject(value, key);
  const blob = asText(entry.blob, `${key} blob`);
  // it becomes an argument of git
  if (!/^[0-9a-f]{40}$/.test(blob)) throw new SharedError(`${key} blob is no git id`);
  return {
    source: asInnerPath(entry.source, `${key} source`),
    blob,
    sha256: asText(entry.sha256, `${key} sha256`),
    ...(entry.detached === undefined
      ? {}
      : { detached: asText(entry.detached, `${key} detached`) }),
  };
}
