import { type FSWatcher, readdirSync, watch } from "node:fs";
import { join } from "node:path";

const settleMs = 100;

/**
 * Calls `changed` once for a burst of changes below shared/, and never twice at a time. Each folder
 * has a watcher of its own: a recursive one on Linux loses files that editors replace.
 */
export function watchShared(root: string, changed: () => Promise<void>): { close(): void } {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let again = false;
  const notice = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void run(), settleMs);
  };
  const run = async () => {
    again = running;
    if (running) return;
    running = true;
    // before the copying, so that nothing written meanwhile goes unnoticed
    try {
      watchNewFolders(join(root, "shared"), watchers, notice);
    } catch {
      // a folder went away while it was being looked at
      notice();
    }
    await changed();
    running = false;
    if (again) notice();
  };
  watchNewFolders(join(root, "shared"), watchers, notice);
  return {
    close() {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}

function watchNewFolders(top: string, watchers: Map<string, FSWatcher>, notice: () => void): void {
  const present = new Set(foldersBelow(top));
  for (const [folder, watcher] of watchers) {
    if (present.has(folder)) continue;
    watcher.close();
    watchers.delete(folder);
  }
  for (const folder of present) {
    if (watchers.has(folder)) continue;
    const watcher = watch(folder, notice);
    // a folder that is deleted: its parent tells
    watcher.on("error", notice);
    watchers.set(folder, watcher);
  }
}

function foldersBelow(folder: string): string[] {
  const inner = readdirSync(folder, { withFileTypes: true })
    .filter((item) => item.isDirectory())
    .filter(({ name }) => name !== "node_modules" && !name.startsWith("."))
    .flatMap(({ name }) => foldersBelow(join(folder, name)));
  return [folder, ...inner];
}
