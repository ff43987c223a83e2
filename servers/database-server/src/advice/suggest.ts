import { ToolError } from "#shared/core/errors.ts";
import type { Named } from "../catalog/types.ts";
import type { Database } from "../connections/databases.ts";
import { conditionWords } from "./conditions.ts";
import { indexSql, tryIndexes } from "./hypothetical.ts";
import { scannedTables } from "./scans.ts";

/** Columns of one suggested index. */
const MAX_COLUMNS = 3;

export interface Suggestion {
  table: string;
  columns: string[];
  sql: string;
  /** Whether the plan changes with it; absent where it could not be tried. */
  used?: boolean;
  query: string;
}

/** For every table that a query reads whole: an index on the columns its conditions name. */
export async function suggest(
  database: Database,
  queries: readonly string[],
  signal: AbortSignal,
): Promise<Suggestion[]> {
  const found = new Map<string, Suggestion>();
  for (const query of queries) {
    const plan = await database.engine.plan({ sql: query, params: [], analyze: false }, signal);
    for (const scanned of scannedTables(plan, query)) {
      const suggestion = await suggestFor(database, query, scanned, signal);
      if (suggestion !== undefined && !found.has(suggestion.sql))
        found.set(suggestion.sql, suggestion);
    }
  }
  return [...found.values()];
}

async function suggestFor(
  database: Database,
  query: string,
  table: string,
  signal: AbortSignal,
): Promise<Suggestion | undefined> {
  const { catalog } = database;
  const named = await catalog.resolve(table, undefined, signal).catch(ignoreUnknown);
  if (named === undefined || /view/.test(named.kind)) return undefined;
  const words = conditionWords(query);
  const columns = (await catalog.columns(named, signal))
    .filter(({ name }) => words.includes(name.toLowerCase()))
    .sort((a, b) => words.indexOf(a.name.toLowerCase()) - words.indexOf(b.name.toLowerCase()))
    .slice(0, MAX_COLUMNS)
    .map(({ name }) => name);
  if (columns.length === 0 || (await hasIndex(database, named, columns, signal))) return undefined;
  const wanted = { table: named.name, schema: named.schema, columns };
  const sql = await indexSql(database, wanted, `${named.name}_${columns.join("_")}`, signal);
  const used = await isUsed(database, query, wanted, signal);
  return {
    table: `${named.schema}.${named.name}`,
    columns,
    sql,
    ...(used !== undefined && { used }),
    query,
  };
}

/** An alias, or the result of a subquery: nothing that has indexes. */
function ignoreUnknown(error: unknown): undefined {
  if (error instanceof ToolError && ["NOT_FOUND", "VALIDATION_ERROR"].includes(error.code))
    return undefined;
  throw error;
}

async function hasIndex(
  { catalog }: Database,
  named: Named,
  columns: string[],
  signal: AbortSignal,
) {
  const indexes = await catalog.indexes(named, signal);
  return indexes.some((index) => columns.every((column, at) => index.columns[at] === column));
}

async function isUsed(
  database: Database,
  sql: string,
  wanted: { table: string; schema: string; columns: string[] },
  signal: AbortSignal,
): Promise<boolean | undefined> {
  try {
    const tried = await tryIndexes(database, { sql, params: [] }, [wanted], signal);
    return JSON.stringify(tried.plan) !== JSON.stringify(tried.plan_with_indexes);
  } catch (error) {
    if (error instanceof ToolError && error.details.reason === "no_hypothetical_indexes")
      return undefined;
    throw error;
  }
}
