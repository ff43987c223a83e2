import type { Stats } from "node:fs";
import type { EntryType, Node, RawEntry } from "../sandbox/node.ts";
import { isUsableName, printableName, UNDECODED } from "../sandbox/path-rules.ts";

export type { EntryType };

export interface Entry {
  name: string;
  type: EntryType;
  size?: number;
  modified?: string;
  unusable?: boolean;
}

/** Whether a name is shown as it is, and taken by the tools. */
export const isPlainName = (name: string): boolean =>
  isUsableName(name) && !name.includes(UNDECODED);

/** An entry with its size and time; undefined when it is gone since it was listed. */
export async function describeEntry(node: Node, entry: RawEntry): Promise<Entry | undefined> {
  return describeFound(entry, await node.lookAt(entry.name));
}

/** The same of what was found at its name. */
export function describeFound(
  { name, type }: RawEntry,
  stats: Stats | undefined,
): Entry | undefined {
  if (!stats) {
    if (!name.includes(UNDECODED)) return undefined;
    return { name: printableName(name), type, unusable: true };
  }
  const entry: Entry = { name: printableName(name), type };
  if (type === "file") entry.size = stats.size;
  entry.modified = stats.mtime.toISOString();
  if (!isUsableName(name)) entry.unusable = true;
  return entry;
}
