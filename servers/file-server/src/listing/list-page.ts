import type { Stats } from "node:fs";
import { decodeCursor, encodeCursor } from "#shared/data/cursor.ts";
import { compareText, type Entries, readEntries } from "../sandbox/entries.ts";
import type { Node, RawEntry } from "../sandbox/node.ts";
import { refuse } from "../sandbox/refuse.ts";
import type { OpenDirectory } from "../sandbox/sandbox.ts";
import { ByteBudget } from "./byte-budget.ts";
import { describeFound, type Entry, isPlainName } from "./describe-entry.ts";
import { packedText, packText } from "./position.ts";

/** The largest directory that is sorted by size or time: each entry has to be looked at. */
export const MAX_SORTED_ENTRIES = 20_000;
/** Entries that are looked at between two looks at whether the call is cancelled. */
const LOOKS_A_TURN = 1_000;

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
  /** Without details a file is its name and a directory its name and a slash. */
  entries: (Entry | string)[];
  total: number;
  nextCursor?: string;
}

/** An entry and what it is sorted by: the largest key first, names as they come in the alphabet. */
interface Keyed {
  name: string;
  key: number;
  entry: RawEntry;
  stats: Stats | undefined;
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
  const { entries, next } =
    sort === "name"
      ? await pageByName(node, shown, after?.name, options)
      : await pageByKey(directory, shown, after, options);
  const page = { ...counts, entries, total: shown.length };
  if (!next) return page;
  return { ...page, nextCursor: encodeCursor(scope, [next.key, packText(next.name)]) };
}

interface Page {
  entries: (Entry | string)[];
  /** Behind which the next page begins; absent on the last. */
  next?: Position | undefined;
}

/** The entries are in this order already. */
async function pageByName(
  node: Node,
  shown: readonly RawEntry[],
  after: string | undefined,
  { limit, details, signal }: ListOptions,
): Promise<Page> {
  const from = after === undefined ? 0 : firstBehind(shown, after);
  const wanted = shown.slice(from, from + limit);
  const found = details
    ? await withStats(node, wanted, signal)
    : await namesOnly(node, wanted, signal);
  const count = new ByteBudget().takeMany(found);
  const last = wanted[count - 1];
  const isLast = !last || from + count === shown.length;
  return {
    entries: found.slice(0, count).filter((entry) => entry !== undefined),
    next: isLast ? undefined : { key: 0, name: last.name },
  };
}

function firstBehind(shown: readonly RawEntry[], name: string): number {
  const index = shown.findIndex((entry) => compareText(entry.name, name) > 0);
  return index === -1 ? shown.length : index;
}

/** Each is looked at for its key, and not again. */
async function pageByKey(
  { path, node }: OpenDirectory,
  shown: readonly RawEntry[],
  after: Position | undefined,
  { sort, limit, details, signal }: ListOptions,
): Promise<Page> {
  if (shown.length > MAX_SORTED_ENTRIES)
    throw refuse("too_large", {
      path,
      because: `A directory of ${shown.length} entries is listed by name only. Leave out sort, or use search_files`,
      details: { entries: shown.length, limit: MAX_SORTED_ENTRIES },
    });
  const stats = await lookAtAll(node, shown, signal);
  const keyed = shown.map((entry, index): Keyed => {
    const found = stats[index];
    return { name: entry.name, key: keyOf(entry, found, sort), entry, stats: found };
  });
  keyed.sort(inOrder);
  const rest = after ? keyed.filter((one) => inOrder(one, after) > 0) : keyed;
  const wanted = rest.slice(0, limit);
  const found = wanted.map(
    ({ entry, stats: seen }) =>
      (details ? undefined : bareName(entry)) ?? describeFound(entry, seen),
  );
  const count = new ByteBudget().takeMany(found);
  return {
    entries: found.slice(0, count).filter((entry) => entry !== undefined),
    next: count === rest.length ? undefined : wanted[count - 1],
  };
}

function keyOf({ type }: RawEntry, stats: Stats | undefined, sort: Sort): number {
  if (sort === "modified") return stats?.mtimeMs ?? 0;
  return type === "file" ? (stats?.size ?? 0) : -1;
}

async function withStats(node: Node, entries: readonly RawEntry[], signal: AbortSignal) {
  const stats = await lookAtAll(node, entries, signal);
  return entries.map((entry, index) => describeFound(entry, stats[index]));
}

/** Only what has more to say than its name is looked at. */
async function namesOnly(node: Node, entries: readonly RawEntry[], signal: AbortSignal) {
  const names = entries.map(bareName);
  const strange = entries.filter((_, index) => names[index] === undefined);
  if (strange.length === 0) return names;
  const described = (await withStats(node, strange, signal)).values();
  return names.map((name) => name ?? described.next().value);
}

/** All there is to say of a file or directory without details; undefined for what is more. */
function bareName({ name, type }: RawEntry): string | undefined {
  if (!isPlainName(name)) return undefined;
  if (type === "directory") return `${name}/`;
  return type === "file" ? name : undefined;
}

async function lookAtAll(
  node: Node,
  entries: readonly RawEntry[],
  signal: AbortSignal,
): Promise<(Stats | undefined)[]> {
  const names = entries.map(({ name }) => name);
  const stats: (Stats | undefined)[] = [];
  for (let at = 0; at < names.length; at += LOOKS_A_TURN) {
    signal.throwIfAborted();
    const found = await node.lookAtAll(names.slice(at, at + LOOKS_A_TURN));
    for (const one of found) stats.push(one);
  }
  return stats;
}
