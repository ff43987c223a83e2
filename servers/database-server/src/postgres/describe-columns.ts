import type { Column } from "../engine/types.ts";
import { arrayText } from "./lookup.ts";
import type { Raw, Session } from "./session.ts";

const TYPES = `select t.oid::bigint::text as oid, pg_catalog.format_type(t.oid, null) as name
  from pg_catalog.pg_type t where t.oid = any($1::oid[])`;
const ORIGINS = `select c.oid::bigint::text || '.' || a.attnum as key, n.nspname, c.relname, a.attname
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_class c on c.oid = a.attrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.oid = any($1::oid[]) and a.attnum > 0`;

export type Describer = (session: Session, fields: Raw["fields"]) => Promise<Column[]>;

/** Types of PostgreSQL itself that most results have. */
const COMMON: Readonly<Record<number, string>> = {
  16: "boolean",
  17: "bytea",
  20: "bigint",
  21: "smallint",
  23: "integer",
  25: "text",
  114: "json",
  700: "real",
  701: "double precision",
  1042: "character",
  1043: "character varying",
  1082: "date",
  1114: "timestamp without time zone",
  1184: "timestamp with time zone",
  1700: "numeric",
  2950: "uuid",
  3802: "jsonb",
};

/** Names the types of columns, and where they come from when `origins` is wanted. */
export function createDescriber(origins = false): Describer {
  const types = new Map(Object.entries(COMMON).map(([oid, name]) => [Number(oid), name]));

  async function learnTypes(session: Session, fields: Raw["fields"]): Promise<void> {
    const missing = fields.map((field) => field.dataTypeID).filter((oid) => !types.has(oid));
    if (missing.length === 0) return;
    const { rows } = await session.run(TYPES, [arrayText(missing.map(String))]);
    for (const [oid, name] of rows) types.set(Number(oid), name ?? "unknown");
  }

  return async (session, fields) => {
    await learnTypes(session, fields);
    const found = origins ? await originsOf(session, fields) : new Map<string, Column["origin"]>();
    return fields.map(({ name, dataTypeID, tableID, columnID }) => {
      const origin = found.get(`${tableID}.${columnID}`);
      return { name, type: types.get(dataTypeID) ?? "unknown", ...(origin && { origin }) };
    });
  };
}

async function originsOf(
  session: Session,
  fields: Raw["fields"],
): Promise<Map<string, Column["origin"]>> {
  const tables = [...new Set(fields.map(({ tableID }) => tableID))].filter((oid) => oid > 0);
  if (tables.length === 0) return new Map();
  const { rows } = await session.run(ORIGINS, [arrayText(tables.map(String))]);
  return new Map(
    rows.map(([key, schema, table, column]) => [
      key ?? "",
      { schema: schema ?? "", table: table ?? "", column: column ?? "" },
    ]),
  );
}
