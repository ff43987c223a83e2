import { basename, dirname } from "node:path";
import { ToolError } from "#shared/core/errors.ts";
import { type Place, shownPath } from "../sandbox/place.ts";
import { refuse } from "../sandbox/refuse.ts";
import type { FoundEntry } from "../sandbox/walk-entry.ts";
import { makeFolder } from "./disk.ts";
import { objectId } from "./object-id.ts";
import type { Workshop } from "./workshop.ts";

/** Folders that one call makes. */
export const MAX_NEW_FOLDERS = 100;

/** Makes a folder and those above it that are missing. */
export async function makeDirectory(
  shop: Workshop,
  path: string,
  signal: AbortSignal,
): Promise<{ path: string; created: boolean }> {
  const missing = await missingFolders(shop, path);
  let last: Place | undefined;
  for (const one of missing) last = await makeOne(shop, one, signal);
  if (last) return { path: shownPath(last), created: true };
  return shop.sandbox.withDirectory(path, async ({ path: shown }) => ({
    path: shown,
    created: false,
  }));
}

/** The path and those above it at which nothing stands, the uppermost first. */
async function missingFolders({ sandbox }: Workshop, path: string): Promise<string[]> {
  const missing: string[] = [];
  for (let next = path; ; next = dirname(next)) {
    if (await isThere(sandbox, next)) return missing;
    // what is above a missing folder is there when that one is made
    if (basename(next) !== "..") missing.unshift(next);
    if (missing.length > MAX_NEW_FOLDERS)
      throw refuse("too_large", {
        path,
        because: `More than ${MAX_NEW_FOLDERS} folders are missing on the path`,
      });
  }
}

async function isThere(sandbox: Workshop["sandbox"], path: string): Promise<boolean> {
  try {
    return await sandbox.withDirectory(path, async () => true);
  } catch (error) {
    if (error instanceof ToolError && error.details.reason === "not_found") return false;
    throw error;
  }
}

function makeOne(shop: Workshop, path: string, signal: AbortSignal): Promise<Place> {
  return shop.sandbox.withEntry(path, { followLast: true }, async (entry) => {
    await shop.ready(entry.place.root);
    await shop.withLock([entry.place], signal, () => makeLocked(shop, entry));
    return entry.place;
  });
}

async function makeLocked(shop: Workshop, entry: FoundEntry): Promise<void> {
  // another call may have made it since it was missed
  if ((await entry.folder.lookAt(entry.name))?.isDirectory()) return;
  await shop.change(entry.place, { operation: "create_directory", isNew: true }, async () => {
    await makeFolder(entry);
    const made = await entry.folder.lookAt(entry.name);
    return { ...(made && { after: objectId(made) }), result: undefined };
  });
}
