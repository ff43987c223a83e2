// Copied from shared/testing/temp-dir.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs `work` with an empty folder of its own, and removes the folder whatever happens. */
export async function withTempDir<T>(work: (folder: string) => T | Promise<T>): Promise<T> {
  // the real path: on macOS the temporary folder is a link, and servers compare real paths
  const folder = await realpath(await mkdtemp(join(tmpdir(), "server-test-")));
  try {
    return await work(folder);
  } finally {
    // Windows keeps a file for a moment after the process that used it ended
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
