import { ToolError } from "#shared/core/errors.ts";
import { refuse } from "../engine/refusal.ts";
import type { Engine, Param, Row } from "../engine/types.ts";
import { createLanes, type Lanes } from "./lanes.ts";
import type { Source } from "./messages.ts";
import { guardReading } from "./statement.ts";

export interface SqliteOptions {
  connection: string;
  source: Source;
  timeoutMs: number;
}

export interface SqliteEngine extends Engine {
  readonly dialect: "sqlite";
  /** The plan of a query without and with indexes that do not exist. */
  trial(
    sql: string,
    params: readonly Param[],
    indexes: readonly string[],
    signal: AbortSignal,
  ): Promise<{ before: Row[]; after: Row[] }>;
}

export function createSqlite({ connection, source, timeoutMs }: SqliteOptions): SqliteEngine {
  const readers = createLanes({ ...source, writable: false }, connection, timeoutMs);
  let writers: Lanes | undefined;
  const writer = () => {
    if (source.path === undefined) throw sampleIsFixed();
    writers ??= createLanes({ ...source, writable: true }, connection, timeoutMs);
    return writers;
  };
  const read = (sql: string, params: readonly Param[], signal: AbortSignal) =>
    readers.run({ kind: "read", sql, params }, signal);

  return {
    dialect: "sqlite",
    version: async (signal) => {
      const [row] = await read("select sqlite_version() as version", [], signal);
      return `SQLite ${String(row?.version)}`;
    },
    query: (query, signal) => readers.run({ kind: "query", ...query }, signal),
    async plan({ sql, params, analyze }, signal) {
      guardReading(sql);
      if (analyze) throw refuse("no_analyze", "SQLite tells no run times: leave analyze out.");
      const window = { offset: 0, limit: 1_000 };
      const plan = `EXPLAIN QUERY PLAN ${sql}`;
      const { rows } = await readers.run({ kind: "query", sql: plan, params, window }, signal);
      return rows.map(([id, parent, , detail]) => ({ id, parent, detail }));
    },
    read,
    change: (change, signal) => writer().run({ kind: "change", ...change }, signal),
    trial: (sql, params, indexes, signal) => {
      guardReading(sql);
      return readers.run({ kind: "trial", sql, params, indexes }, signal);
    },
    close: async () => {
      readers.close();
      writers?.close();
    },
  };
}

const sampleIsFixed = () =>
  new ToolError(
    "PERMISSION_DENIED",
    "The sample database is not changed. Set DATABASE_URL to a database of your own.",
    { details: { reason: "sample" } },
  );
