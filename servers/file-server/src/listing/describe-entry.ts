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

/** An entry by its name alone, as its folder has it. */
export async function nameEntry(node: Node, entry: RawEntry): Promise<Entry | undefined> {
  const { name, type } = entry;
  return isUsableName(name) && !name.includes(UNDECODED)
    ? { name, type }
    : describeEntry(node, entry);
}

/** An entry with its size and time; undefined when it is gone since it was listed. */
export async function describeEntry(
  node: Node,
  { name, type }: RawEntry,
): Promise<Entry | undefined> {
  const stats = await node.lookAt(name);
  if (!stats && !name.includes(UNDECODED)) return undefined;
  const isUsable = stats !== undefined && isUsableName(name);
  return {
    name: printableName(name),
    type,
    ...(stats && type === "file" && { size: stats.size }),
    ...(stats && { modified: stats.mtime.toISOString() }),
    ...(!isUsable && { unusable: true }),
  };
}
