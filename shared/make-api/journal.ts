import { createHash } from "node:crypto";
import { join } from "node:path";
import * as z from "zod";
import { readIfThere, updateFile } from "./locked-file.ts";

/** Changes that are kept; the oldest go first, and the chain begins with what is left. */
export const MAX_JOURNAL_ENTRIES = 10_000;

const entryShape = z.object({
  at: z.string(),
  tool: z.string(),
  endpoint: z.string(),
  /** What was changed: the values in the path. */
  target: z.record(z.string(), z.union([z.string(), z.number()])),
  previous: z.string(),
  hash: z.string(),
});

export type JournalEntry = z.output<typeof entryShape>;
export type Change = Omit<JournalEntry, "previous" | "hash">;

const FIRST = "0".repeat(64);
const journalFile = (folder: string): string => join(folder, "journal.jsonl");

const hashOf = (change: Change, previous: string): string =>
  createHash("sha256")
    .update(JSON.stringify([previous, change.at, change.tool, change.endpoint, change.target]))
    .digest("hex");

function parse(text: string | undefined): JournalEntry[] {
  return (text ?? "")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => entryShape.parse(JSON.parse(line)));
}

/** Adds a change to the journal, chained to the one before; servers that share the folder share the chain. */
export function recordChange(folder: string, change: Change): Promise<JournalEntry> {
  return updateFile(journalFile(folder), (text) => {
    const entries = parse(text);
    const previous = entries.at(-1)?.hash ?? FIRST;
    const entry = { ...change, previous, hash: hashOf(change, previous) };
    const kept = [...entries, entry].slice(-MAX_JOURNAL_ENTRIES);
    return { text: `${kept.map((each) => JSON.stringify(each)).join("\n")}\n`, result: entry };
  });
}

/** The journal, and the index of the first entry whose chain is broken; -1 when it holds. */
export async function readJournal(
  folder: string,
): Promise<{ entries: JournalEntry[]; brokenAt: number }> {
  const entries = parse(await readIfThere(journalFile(folder)));
  const brokenAt = entries.findIndex((entry, index) => {
    const previous = index === 0 ? entry.previous : entries[index - 1]?.hash;
    return entry.previous !== previous || entry.hash !== hashOf(entry, entry.previous);
  });
  return { entries, brokenAt };
}
