import * as z from "zod";
import type { EntryType } from "../sandbox/node.ts";

export const ENTRY_TYPES = [
  "file",
  "directory",
  "symlink",
  "other",
] as const satisfies readonly EntryType[];

/** What a listing says of an entry beside its name or path. */
export const entryFields = {
  type: z.enum(ENTRY_TYPES),
  size: z.number().optional(),
  modified: z.string().optional(),
  /** The name is shown escaped, and no tool takes it. */
  unusable: z.boolean().optional(),
};
