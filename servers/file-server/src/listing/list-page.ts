import { decodeCursor, encodeCursor } from "#shared/data/cursor.ts";
import { compareText, type Entries, readEntries } from "../sandbox/entries.ts";
import type { Node, RawEntry } from "../sandbox/node.ts";
import { refuse } from "../sandbox/refuse.ts";
import type { OpenDirectory } from "../sandbox/sandbox.ts";
import { ByteBudget } from "./byte-budget.ts";
import { describeEntry, type Entry, nameEntry } from "./describe-entry.ts";
import { packedText, packText } from "./position.ts";

/** The largest directory that is sorted by size or time: each entry has to be looked at. */
export const MAX_SORTED_ENTRIES = 20_000;
/** Entries that are looked at at the same time. */
const LOOKS_AT_ONCE = 64;

export const SORTS = ["name", "size", "modified"] as const;
export type Sort = (typeof SORTS)[number];

export interface ListOptions {
  sort: Sort;
  limit: number;
  cursor?: string | undefined;
  includeHidden: boolean;
  /** Size and time too: each entry is looked at. */
  details: boolean;
  signal: AbortSignal;
}

export interface ListPage extends Omit<Entries, "shown"> {
  entries: Entry[];
  total: number;
  nextCursor?: string;
}

/** An entry and what it is sorted by: the largest key first, names as they come in the alphabet. */
interface Keyed extends RawEntry {
  key: number;
}

type Position = Pick<Keyed, "key" | "name">;

const position = {
  parse(value: unknown): Position {
    const [key, name] = Array.isArray(value) ? value : [];
    if (typeof key !== "number") throw new TypeError("no key");
    return { key, name: packedText.parse(name) };
  },
};

const inOrder = (a: Position, b: Position) => b.key - a.key || compareText(a.name, b.name);

/** One page of a directory, in an order that stays the same from page to page. */
export async function listPage(directory: OpenDirectory, options: ListOptions): Promise<ListPage> {
  const { path, node, deny } = directory;
  const { sort, cursor, includeHidden, signal } = options;
  const scope = { kind: "list_directory", query: { path, sort, includeHidden } };
  const after = cursor === undefined ? undefined : decodeCursor(cursor, scope, position);
  const { shown, ...counts } = await readEntries(node, { deny, includeHidden, signal });
  const sorted = await sortEntries(directory, shown, options);
  const rest = after ? sorted.filter((entry) => inOrder(entry, after) > 0) : sorted;
  const { entries, last, isLast } = await takePage(node, rest, options);
  const page = { ...counts, entries, total: shown.length };
  if (isLast || !last) return page;
  return { ...page, nextCursor: encodeCursor(scope, [last.key, packText(last.name)]) };
}

async function sortEntries(
  { path, node }: OpenDirectory,
  entries: readonly RawEntry[],
  { sort, signal }: ListOptions,
): Promise<Keyed[]> {
  if (sort === "name") return entries.map((entry) => ({ ...entry, key: 0 }));
  if (entries.length > MAX_SORTED_ENTRIES)
    throw refuse("too_large", {
      path,
      because: `A directory of ${entries.length} entries is listed by name only. Leave out sort, or use search_files`,
      details: { entries: entries.length, limit: MAX_SORTED_ENTRIES },
    });
  const keyed = await inBatches(entries, signal, async (entry): Promise<Keyed> => {
    const stats = await node.lookAt(entry.name);
    if (sort === "modified") return { ...entry, key: stats?.mtimeMs ?? 0 };
    return { ...entry, key: entry.type === "file" ? (stats?.size ?? 0) : -1 };
  });
  return keyed.sort(inOrder);
}

interface Taken {
  entries: Entry[];
  last?: Keyed;
  isLast: boolean;
}

/** As many entries as were asked for and as fit; those that are gone meanwhile leave a gap. */
async function takePage(node: Node, rest: readonly Keyed[], options: ListOptions): Promise<Taken> {
  const wanted = rest.slice(0, options.limit);
  const describe = (entry: Keyed) =>
    options.details ? describeEntry(node, entry) : nameEntry(node, entry);
  const found = await inBatches(wanted, options.signal, describe);
  const count = new ByteBudget().takeMany(found);
  const last = wanted[count - 1];
  return {
    entries: found.slice(0, count).filter((entry) => entry !== undefined),
    ...(last && { last }),
    isLast: count === rest.length,
  };
}

/** Waits for each batch as a whole: nothing may look through a node that is released. */
async function inBatches<T, R>(
  items: readonly T[],
  signal: AbortSignal,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += LOOKS_AT_ONCE) {
    signal.throwIfAborted();
    results.push(...(await Promise.all(items.slice(start, start + LOOKS_AT_ONCE).map(work))));
  }
  return results;
}
