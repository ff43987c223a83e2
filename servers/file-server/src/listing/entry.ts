import * as z from "zod";
import type { Node, RawEntry } from "../sandbox/node.ts";
import { isUsableName, printableName } from "../sandbox/path-rules.ts";

export const ENTRY_TYPES = ["file", "directory", "symlink", "other"] as const;

/** What a listing says of an entry beside its name or path. */
export const entryFields = {
  type: z.enum(ENTRY_TYPES).describe("Kind"),
  size: z.number().optional().describe("Bytes, of files"),
  modified: z.string().optional().describe("ISO time"),
  unusable: z.boolean().optional().describe("Name shown escaped; no tool takes it"),
};

export const entrySchema = z.object({ name: z.string().describe("Name"), ...entryFields });

export type Entry = z.output<typeof entrySchema>;

/** What a name has when its bytes are no UTF-8; such a name cannot be looked up as text. */
const UNDECODED = "\ufffd";

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
