import type { ColumnFacts, Named } from "../catalog/types.ts";
import type { Database } from "../connections/databases.ts";
import type { Cell } from "../engine/cells.ts";

/** Rows that are looked at; a profile of a large table is one of its first rows. */
export const PROFILED_ROWS = 50_000;
const TOP_VALUES = 5;

/** Types that have no order, or no equality. */
const OPAQUE =
  /^(json|xml|bytea|point|line|lseg|box|path|polygon|circle|geometry|geography|tsvector|hstore|blob|\w+blob)/i;

export interface ColumnProfile {
  name: string;
  type: string;
  rows: Cell;
  nulls: Cell;
  distinct?: Cell;
  min?: Cell;
  max?: Cell;
  top?: Cell[][];
}

/** Through the guard like any query, so that what is masked stays masked. */
export async function profileColumn(
  { engine, catalog }: Database,
  named: Named,
  { name, type }: ColumnFacts,
  signal: AbortSignal,
): Promise<ColumnProfile> {
  const column = catalog.quote(name);
  const rows = `(SELECT ${column} FROM ${catalog.qualified(named)} LIMIT ${PROFILED_ROWS}) s`;
  const ask = async (sql: string) =>
    (await engine.query({ sql, params: [], window: { offset: 0, limit: TOP_VALUES } }, signal))
      .rows;
  const [[count = null, nulls = null] = []] = await ask(
    `SELECT count(*), count(*) - count(${column}) FROM ${rows}`,
  );
  if (OPAQUE.test(type)) return { name, type, rows: count, nulls };
  // booleans of PostgreSQL have an order, and no min
  const value = type === "boolean" ? `${column}::int` : column;
  const [[distinct = null, min = null, max = null] = []] = await ask(
    `SELECT count(DISTINCT ${column}), min(${value}), max(${value}) FROM ${rows}`,
  );
  const top = await ask(
    `SELECT ${column}, count(*) AS n FROM ${rows} WHERE ${column} IS NOT NULL GROUP BY ${column} ORDER BY n DESC, 1 LIMIT ${TOP_VALUES}`,
  );
  return { name, type, rows: count, nulls, distinct, min, max, top };
}
