import { type StatsListener, unwatchFile, watchFile } from "node:fs";
import type { Log } from "#shared/core/contract.ts";
import type { Changes } from "./mounts/mounts.ts";
import type { GatewaySettings } from "./settings/spec.ts";

/** Milliseconds between two looks at the file: a look follows links, so a swapped link is seen too. */
export const WATCH_MS = 1_000;

export interface ReloadOptions {
  /** The file that is watched; without one only SIGHUP reads the settings again. */
  file: string | undefined;
  /** Reads the settings; throws an error that names every fault. */
  read(): GatewaySettings;
  apply(settings: GatewaySettings): Changes;
  /** Takes what a person should read. */
  print(text: string): void;
  log: Log;
}

/**
 * Reads the settings again when their file changes, and on SIGHUP. A file with faults changes nothing.
 * Returns how to stop.
 */
export function watchSettings({ file, read, apply, print, log }: ReloadOptions): () => void {
  const reload = (why: string) => {
    try {
      const changes = apply(read());
      print(`${describe(changes, why)}\n`);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      log.error("The settings were not read again", { why, message });
      print(`not reloaded (${why}): ${message}\n`);
    }
  };
  const onSignal = () => reload("SIGHUP");
  const onChange: StatsListener = (now, before) => {
    const changed = now.mtimeMs !== before.mtimeMs || now.ino !== before.ino;
    // a file that is away for a moment is being replaced
    if (changed && now.nlink > 0) reload("the file changed");
  };
  process.on("SIGHUP", onSignal);
  if (file !== undefined) watchFile(file, { interval: WATCH_MS, persistent: false }, onChange);
  return () => {
    process.off("SIGHUP", onSignal);
    if (file !== undefined) unwatchFile(file, onChange);
  };
}

function describe({ added, changed, removed }: Changes, why: string): string {
  const part = (what: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`${what} ${[...names].sort().join(", ")}`];
  const parts = [...part("added", added), ...part("changed", changed), ...part("removed", removed)];
  return `reloaded (${why}): ${parts.join("; ") || "no server differs"}`;
}
