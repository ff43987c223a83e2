import { watch } from "node:fs";
import { dirname } from "node:path";
import { refuse } from "../sandbox/refuse.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { pathOfWholeUri } from "./file-uri.ts";

/** Milliseconds in which several changes are told as one. */
export const SETTLE_MS = 50;

/**
 * Tells when a file is written, replaced or removed. Its folder is watched, because most programs
 * replace a file instead of writing to it; on Linux the folder that is held, whatever comes to have
 * its name. Returns how to stop.
 */
export function watchFile(sandbox: Sandbox, uri: string, changed: () => void): Promise<() => void> {
  const path = pathOfWholeUri(uri);
  return sandbox.withEntry(path, { followLast: true }, async ({ folder, name }) => {
    const stats = await folder.lookAt(name);
    if (!stats) throw refuse("not_found", { path });
    if (!stats.isFile()) throw refuse("not_a_file", { path });
    let told: NodeJS.Timeout | undefined;
    const watcher = watch(dirname(await folder.reach(name)), { persistent: false }, (_, which) => {
      if (which !== null && which !== name) return;
      told ??= setTimeout(() => {
        told = undefined;
        changed();
      }, SETTLE_MS).unref();
    });
    // the folder is gone: there is nothing more to tell
    watcher.on("error", () => watcher.close());
    return () => {
      clearTimeout(told);
      watcher.close();
    };
  });
}
