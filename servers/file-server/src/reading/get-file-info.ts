import { etagOf } from "../sandbox/etag.ts";
import { typeOf } from "../sandbox/node.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { refuseUnhashable, sha256 } from "../write/if-match.ts";
import type { Job } from "./job.ts";

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
    if (hash) refuseUnhashable(stats.size, path);
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
