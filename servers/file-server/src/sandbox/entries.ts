import type { DenyState } from "./deny.ts";
import type { Node, RawEntry } from "./node.ts";

/** Entries that are read of one directory. Of a larger one, these are the first in the order of the disk. */
export const MAX_DIRECTORY_ENTRIES = 100_000;

export interface Entries {
  /** Sorted by code unit: the same on every system and in every language. */
  shown: RawEntry[];
  /** Names with a leading dot that were left out. */
  hidden: number;
  /** Names that the owner denies. */
  denied: number;
  /** The directory has more than is read. */
  isCut: boolean;
}

export interface EntryRules {
  deny: DenyState;
  includeHidden: boolean;
  signal: AbortSignal;
}

export const byName = (a: RawEntry, b: RawEntry) => compareText(a.name, b.name);

export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

export async function readEntries(node: Node, rules: EntryRules): Promise<Entries> {
  const found: Entries = { shown: [], hidden: 0, denied: 0, isCut: false };
  let read = 0;
  for await (const batch of node.entries()) {
    rules.signal.throwIfAborted();
    const rest = MAX_DIRECTORY_ENTRIES - read;
    sift(batch.slice(0, rest), rules, found);
    read += batch.length;
    found.isCut = batch.length > rest;
    if (found.isCut) break;
  }
  found.shown.sort(byName);
  return found;
}

function sift(
  batch: readonly RawEntry[],
  { deny, includeHidden }: EntryRules,
  found: Entries,
): void {
  for (const entry of batch) {
    if (deny.denies(entry.name)) found.denied += 1;
    else if (entry.name.startsWith(".") && !includeHidden) found.hidden += 1;
    else found.shown.push(entry);
  }
}
