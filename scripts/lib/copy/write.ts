import type { Content } from "./content.ts";
import { replaceFile, type Scratch } from "./files.ts";
import type { Git } from "./git.ts";
import { renderCopy } from "./header.ts";
import { type Lock, type LockEntry, writeLock } from "./lock.ts";
import type { SourceFile } from "./modules.ts";
import type { Server } from "./servers.ts";
import type { Copy } from "./state.ts";

/** What is needed to change the copies of one server. */
export interface Work {
  readonly server: Server;
  readonly lock: Lock;
  readonly git: Git;
  readonly scratch: Scratch;
}

/** Writes one copy under its header; `copy` is what was there when this was decided. */
export function writeCopy(
  work: Work,
  file: SourceFile,
  copy: Copy | undefined,
  content: Content,
): void {
  const next = renderCopy(file.source, content);
  if (copy?.raw.equals(next)) return;
  const { path, executable } = file;
  const { folder } = work.server;
  replaceFile(work.scratch, { folder, path, seen: copy?.raw, next, executable });
}

/** Says in the lock that a copy is based on this version of its source. */
export function record(work: Work, file: SourceFile, detached?: string | undefined): void {
  const { source, blob, sha256 } = file;
  recordEntry(work, file.path, { source, blob, sha256, ...(detached ? { detached } : {}) });
}

export function recordEntry(work: Work, path: string, entry: LockEntry): void {
  work.lock.set(path, entry);
  writeLock(work.server.folder, work.lock, work.scratch);
}

export function forget(work: Work, path: string): void {
  work.lock.delete(path);
  writeLock(work.server.folder, work.lock, work.scratch);
}
