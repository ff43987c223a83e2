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
  { path, signal }: { path: string; signal: AbortSignal },
): Promise<void> {
  if (ifMatch === undefined) return;
  const isHash = ifMatch.length === MAX_MATCH_CHARS;
  const now = isHash ? current && (await hashOf(current, path, signal)) : current?.etag;
  if (now !== ifMatch.toLowerCase() && now !== ifMatch)
    throw refuse("stale", { path, details: { etag: current?.etag } });
}

function hashOf({ handle, stats }: Current, path: string, signal: AbortSignal): Promise<string> {
  refuseUnhashable(Number(stats.size), path);
  return sha256(handle, signal);
}

/** Bytes of a file that is hashed. */
export const MAX_HASH_BYTES = 2 ** 31;

export function refuseUnhashable(size: number, path: string): void {
  if (size <= MAX_HASH_BYTES) return;
  throw refuse("too_large", {
    path,
    because: `Files over ${MAX_HASH_BYTES} bytes are not hashed; use the etag`,
    details: { size, limit: MAX_HASH_BYTES },
  });
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
