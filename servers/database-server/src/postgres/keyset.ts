import { LRUCache } from "lru-cache";
import type { Key } from "../engine/page.ts";
import { wrongCursor } from "../engine/refusal.ts";
import { arrayText, LOOKUP_TTL_MS } from "./lookup.ts";
import { isNode, type Node, names, type ParsedStatement } from "./parser.ts";
import type { Raw, Session } from "./session.ts";

/** Characters of the longest key that a cursor carries. */
const MAX_KEY_CHARS = 512;
/** Orders that are remembered. */
const MAX_KNOWN = 1_000;

/** How a statement is ordered: by these columns of its result, all in one direction. */
export interface Order {
  by: readonly string[];
  descending: boolean;
}

/** Clauses after which a row of the result is not just a row of the table. */
const OTHER_CLAUSES = [
  "distinctClause",
  "groupClause",
  "havingClause",
  "windowClause",
  "withClause",
  "limitCount",
  "limitOffset",
  "valuesLists",
];

/** The order of a SELECT from one table, if its rows could be found again by it. */
export function orderOf({ kind, body }: ParsedStatement): Order | undefined {
  const { fromClause: from, sortClause: sorts } = body;
  if (kind !== "SelectStmt" || body.op !== "SETOP_NONE") return undefined;
  if (OTHER_CLAUSES.some((clause) => body[clause] !== undefined)) return undefined;
  if (!Array.isArray(from) || from.length !== 1 || !("RangeVar" in from[0])) return undefined;
  if (!Array.isArray(sorts)) return undefined;
  const found = sorts.map((sort: Node) => sortedBy(sort.SortBy, hasAliases(body)));
  const [first] = found;
  if (first === undefined) return undefined;
  const by = found.map((sort) => (sort?.descending === first.descending ? sort.by : undefined));
  return by.every((each) => each !== undefined) ? { by, descending: first.descending } : undefined;
}

function hasAliases({ targetList }: Node): boolean {
  const targets = Array.isArray(targetList) ? targetList : [];
  return targets.some((item: Node) => isNode(item.ResTarget) && item.ResTarget.name !== undefined);
}

/** A name is that of a column of the result first; with its table before it, that of the table's column. */
function sortedBy(sort: unknown, aliases: boolean) {
  if (!isNode(sort) || !isNode(sort.node) || sort.sortby_dir === "SORTBY_USING") return undefined;
  const descending = sort.sortby_dir === "SORTBY_DESC";
  const parts = isNode(sort.node.ColumnRef) ? names(sort.node.ColumnRef.fields) : [];
  const by = parts.at(-1);
  return by === undefined || (parts.length > 1 && aliases) ? undefined : { by, descending };
}

/** Where in the result the columns of an order are; each has to be there once. */
function placesOf({ by }: Order, fields: Raw["fields"]): number[] | undefined {
  const found = fields.map(({ name }) => name);
  const places = by.map((name) => found.indexOf(name));
  const isOnce = places.every((at) => at !== -1 && found.lastIndexOf(found[at] ?? "") === at);
  return isOnce ? places : undefined;
}

/** Whether these columns of a table are never null, and tell its rows apart. Tables with heirs do not count. */
const IS_KEY = `
  select 1 from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indrelid
  where i.indrelid = $1::oid and i.indisunique and i.indisvalid and i.indimmediate
    and i.indpred is null and i.indexprs is null
    and (i.indkey::int2[])[0:i.indnkeyatts - 1] <@ $2::int2[]
    and not exists (select 1 from pg_catalog.pg_attribute a where a.attrelid = i.indrelid
      and a.attnum = any($2::int2[]) and not a.attnotnull)
    and (c.relkind = 'p' or not exists (select 1 from pg_catalog.pg_inherits where inhparent = c.oid))
  limit 1`;

/**
 * Tells the key of a row, when the order makes it a place in the result: every column is one of the
 * same table, and the order is by columns that tell its rows apart. What the catalogue says of them
 * is believed for a while.
 */
export function createKeys(now: () => number = Date.now) {
  const known = new LRUCache<string, { isKey: boolean }>({
    max: MAX_KNOWN,
    ttl: LOOKUP_TTL_MS,
    perf: { now },
    ttlResolution: 0,
  });
  return async (
    session: Session,
    order: Order,
    fields: Raw["fields"],
    row: readonly (string | null)[],
  ): Promise<Key | undefined> => {
    const places = placesOf(order, fields);
    const table = fields[0]?.tableID ?? 0;
    if (places === undefined || table === 0 || fields.some(({ tableID }) => tableID !== table))
      return undefined;
    const key = places.map((place) => row[place] ?? "");
    if (JSON.stringify(key).length > MAX_KEY_CHARS) return undefined;
    const columns = arrayText(places.map((place) => String(fields[place]?.columnID)));
    const name = `${table} ${columns}`;
    const { isKey } = known.get(name) ?? {
      isKey: (await session.run(IS_KEY, [String(table), columns])).rows.length > 0,
    };
    if (!known.has(name)) known.set(name, { isKey });
    return isKey ? key : undefined;
  };
}

/** The statement from the row after the one with this key on; the key's values are parameters after its own. */
export function seek(
  { text }: ParsedStatement,
  order: Order | undefined,
  after: Key,
  params: number,
): string {
  if (order === undefined || order.by.length !== after.length) throw wrongCursor();
  const columns = order.by.map((name) => `"${name.replaceAll('"', '""')}"`);
  const values = after.map((_, at) => `$${params + at + 1}`);
  const [sign, way] = order.descending ? ["<", " DESC"] : [">", ""];
  return `SELECT * FROM (
${text}
) AS flotilla_rows WHERE (${columns.join(", ")}) ${sign} (${values.join(", ")}) ORDER BY ${columns.map((column) => column + way).join(", ")}`;
}
