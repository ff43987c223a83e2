import { createHash } from "node:crypto";
import type { ReadHandle } from "../sandbox/disk-calls.ts";
import { refuse } from "../sandbox/refuse.ts";
import { blocksOf } from "./blocks.ts";
import type { Current } from "./replace-file.ts";

/** Characters of an etag or of a SHA-256. */
export const MAX_MATCH_CHARS = 64;

/** Refuses when the file is not the one that the caller saw: by its etag or the hash of its bytes. */
export async function checkMatch(
  current: Current | undefined,
  ifMatch: string | undefined,
  path: string,
): Promise<void> {
  if (ifMatch === undefined) return;
  const now = ifMatch.length === MAX_MATCH_CHARS ? await hashOf(current?.handle) : current?.etag;
  if (now !== ifMatch.toLowerCase() && now !== ifMatch)
    throw refuse("stale", { path, details: { etag: current?.etag } });
}

async function hashOf(handle: ReadHandle | undefined): Promise<string | undefined> {
  return handle && sha256(handle, new AbortController().signal);
}

/** Of the whole file, in hexadecimal. */
export async function sha256(handle: ReadHandle, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const block of blocksOf(handle)) {
    signal.throwIfAborted();
    hash.update(block);
  }
  return hash.digest("hex");
}
