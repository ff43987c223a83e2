import { ToolError } from "#shared/core/errors.ts";
import type { Database } from "../connections/databases.ts";
import type { Param } from "../engine/types.ts";

export interface WantedIndex {
  table: string;
  schema?: string | undefined;
  columns: string[];
}

type Planned = { plan: unknown; plan_with_indexes: unknown };

/** The plan of a query without and with indexes that are only imagined. Names are looked up first. */
export async function tryIndexes(
  database: Database,
  { sql, params }: { sql: string; params: readonly Param[] },
  wanted: readonly WantedIndex[],
  signal: AbortSignal,
): Promise<Planned> {
  const statements = await Promise.all(
    wanted.map((index, at) => indexSql(database, index, `flotilla_trial_${at}`, signal)),
  );
  const { engine } = database;
  if (engine.trial === undefined)
    throw new ToolError("UNAVAILABLE", "This engine cannot plan with indexes that do not exist.", {
      details: { reason: "no_hypothetical_indexes" },
    });
  const { before, after } = await engine.trial(sql, params, statements, signal);
  return { plan: before, plan_with_indexes: after };
}

/** CREATE INDEX with names as the catalogue writes them. Throws NOT_FOUND for any that it does not have. */
export async function indexSql(
  { catalog, engine }: Database,
  { table, schema, columns }: WantedIndex,
  name: string,
  signal: AbortSignal,
): Promise<string> {
  const named = await catalog.resolve(table, schema, signal);
  const known = (await catalog.columns(named, signal)).map((column) => column.name);
  const quoted = columns.map((column) => {
    const found = known.find((each) => each.toLowerCase() === column.toLowerCase());
    if (found === undefined)
      throw new ToolError("NOT_FOUND", `${named.name} has no column ${JSON.stringify(column)}.`);
    return catalog.quote(found);
  });
  // SQLite puts the schema before the index, and has only one
  const target = engine.dialect === "sqlite" ? catalog.quote(named.name) : catalog.qualified(named);
  return `CREATE INDEX ${catalog.quote(name)} ON ${target} (${quoted.join(", ")})`;
}
