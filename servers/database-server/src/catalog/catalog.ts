import { ToolError } from "#shared/core/errors.ts";
import type { Engine, Param } from "../engine/types.ts";
import { likePattern, nearest } from "./match.ts";
import { mysqlSql } from "./mysql-sql.ts";
import { postgresSql } from "./postgres-sql.ts";
import {
  number,
  optional,
  string,
  text,
  toColumn,
  toForeignKeys,
  toIndexes,
  toObject,
} from "./rows.ts";
import { sqliteSql } from "./sqlite-sql.ts";
import type {
  CatalogSql,
  ColumnFacts,
  ForeignKey,
  IndexFacts,
  Kind,
  Named,
  SchemaObject,
} from "./types.ts";

const SQL = { postgres: postgresSql, mysql: mysqlSql, sqlite: sqliteSql };

export interface Catalog {
  search(
    kind: Kind,
    pattern: string | undefined,
    schema: string | undefined,
    signal: AbortSignal,
  ): Promise<SchemaObject[]>;
  /** The table or view of this name, as it is written in the catalogue. Throws NOT_FOUND with near names. */
  resolve(table: string, schema: string | undefined, signal: AbortSignal): Promise<Named>;
  columns(named: Named, signal: AbortSignal): Promise<ColumnFacts[]>;
  indexes(named: Named, signal: AbortSignal): Promise<IndexFacts[]>;
  foreignKeys(signal: AbortSignal): Promise<ForeignKey[]>;
  triggers(named: Named, signal: AbortSignal): Promise<{ name: string; definition: string }[]>;
  definition(named: Named, signal: AbortSignal): Promise<string | undefined>;
  size(
    named: Named,
    signal: AbortSignal,
  ): Promise<{ rows?: number; bytes?: number; comment?: string }>;
  quote(name: string): string;
  /** Quoted, with its schema. */
  qualified(named: Pick<Named, "schema" | "name">): string;
}

/** Reads the schema of one database. Names go in as parameters, and come out as the engine writes them. */
export function openCatalog(engine: Engine): Catalog {
  const sql: CatalogSql = SQL[engine.dialect];
  const read = (text: string, params: readonly Param[], signal: AbortSignal) =>
    engine.read(text, params, signal);

  const search: Catalog["search"] = async (kind, pattern, schema, signal) => {
    const rows = await read(sql.search[kind], [likePattern(pattern), schema ?? null], signal);
    return rows.map(toObject);
  };

  return {
    search,
    resolve: async (table, schema, signal) => {
      const like = async (pattern: string | undefined) =>
        (
          await Promise.all(
            (["table", "view"] as const).map((kind) => search(kind, pattern, schema, signal)),
          )
        ).flat();
      const near = await like(table);
      const known = near.some(({ name }) => name.toLowerCase() === table.toLowerCase());
      return pick(known ? near : await like(undefined), table, schema);
    },
    columns: async ({ schema, name }, signal) =>
      (await read(sql.columns, [schema, name], signal)).map(toColumn),
    indexes: async ({ schema, name }, signal) =>
      toIndexes(await read(sql.indexes, [schema, name], signal)),
    foreignKeys: async (signal) => toForeignKeys(await read(sql.foreignKeys, [], signal)),
    triggers: async ({ schema, name }, signal) =>
      (await read(sql.triggers, [schema, name], signal)).map((row) => ({
        name: text(row.name),
        definition: text(row.definition),
      })),
    definition: async ({ schema, name }, signal) => {
      const [row] = await read(sql.definition, [schema, name], signal);
      return optional(row?.definition);
    },
    size: async ({ schema, name }, signal) => {
      const [row = {}] = await read(sql.size, [schema, name], signal);
      return {
        ...number("rows", row.rows),
        ...number("bytes", row.bytes),
        ...string("comment", row.comment),
      };
    },
    quote: sql.quote,
    qualified: ({ schema, name }) => `${sql.quote(schema)}.${sql.quote(name)}`,
  };
}

/** Exact, else the only one that differs in case; of several schemas, the one that is usual. */
function pick(found: readonly SchemaObject[], table: string, schema: string | undefined): Named {
  const exact = found.filter(({ name }) => name === table);
  const folded = found.filter(({ name }) => name.toLowerCase() === table.toLowerCase());
  const candidates = exact.length > 0 ? exact : folded;
  const usual = candidates.find((each) => ["public", "main"].includes(each.schema));
  const chosen = candidates.length === 1 ? candidates[0] : usual;
  if (chosen !== undefined) return { schema: chosen.schema, name: chosen.name, kind: chosen.kind };
  if (candidates.length > 1)
    throw new ToolError(
      "VALIDATION_ERROR",
      `${table} is in several schemas: ${candidates.map((each) => each.schema).join(", ")}. Name one.`,
      { details: { reason: "ambiguous" } },
    );
  const near = nearest(
    table,
    found.map(({ name }) => name),
  );
  const hint = near.length > 0 ? ` Did you mean ${near.join(", ")}?` : " search_schema lists them.";
  const where = schema === undefined ? "" : ` in the schema ${JSON.stringify(schema)}`;
  throw new ToolError(
    "NOT_FOUND",
    `There is no table or view ${JSON.stringify(table)}${where}.${hint}`,
    {
      details: { reason: "no_table" },
    },
  );
}
