import { etagOf } from "../sandbox/etag.ts";
import { typeOf } from "../sandbox/node.ts";
import { refuse } from "../sandbox/refuse.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { sha256 } from "../write/if-match.ts";
import type { Job } from "./job.ts";

/** Bytes of a file that is hashed. */
export const MAX_HASH_BYTES = 2 ** 31;

export function getFileInfo(
  sandbox: Sandbox,
  { path, hash }: { path: string; hash?: boolean | undefined },
  { signal }: Job,
) {
  return sandbox.withAny(path, async ({ path: shown, node }) => {
    const { stats } = node;
    const about = {
      path: shown,
      type: typeOf(stats),
      modified: stats.mtime.toISOString(),
      mode: (stats.mode & 0o7777).toString(8),
      links: stats.nlink,
    };
    if (!stats.isFile()) return about;
    if (hash && stats.size > MAX_HASH_BYTES)
      throw refuse("too_large", { path, details: { limit: MAX_HASH_BYTES } });
    const handle = await node.openFile();
    try {
      const etag = etagOf(await handle.stat({ bigint: true }));
      const file = { ...about, size: stats.size, etag };
      return hash ? { ...file, sha256: await sha256(handle, signal) } : file;
    } finally {
      await handle.close();
    }
  });
}
