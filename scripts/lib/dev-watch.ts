import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const POLL_MS = 300;

/** Names, sizes and times of all files below the paths; a file that goes meanwhile is not there. */
function fingerprint(folder: string, paths: readonly string[]): string {
  return paths.flatMap((path) => describe(join(folder, path))).join("\n");
}

function describe(path: string): string[] {
  try {
    const stat = statSync(path);
    if (!stat.isDirectory()) return [`${path} ${stat.size} ${stat.mtimeMs}`];
    return readdirSync(path)
      .sort()
      .flatMap((name) => describe(join(path, name)));
  } catch {
    return [];
  }
}

/**
 * Calls `changed` when a file below the paths changed and the next look found no further change. It
 * asks instead of being told: that works in containers and on network disks, and for files that
 * editors replace.
 */
export function watchFiles(
  folder: string,
  paths: readonly string[],
  changed: () => void,
): { close(): void } {
  let settled = fingerprint(folder, paths);
  let last = settled;
  const timer = setInterval(() => {
    const now = fingerprint(folder, paths);
    if (now !== settled && now === last) {
      settled = now;
      changed();
    }
    last = now;
  }, POLL_MS);
  return { close: () => clearInterval(timer) };
}
