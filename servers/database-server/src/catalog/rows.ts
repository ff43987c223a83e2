import type { Row } from "../engine/types.ts";
import type { ColumnFacts, ForeignKey, IndexFacts, SchemaObject } from "./types.ts";

/** Rows of the catalogue as facts: engines tell numbers and booleans in words of their own. */

export const text = (value: unknown): string =>
  typeof value === "object" && value !== null && "text" in value
    ? String(value.text)
    : String(value ?? "");
export const optional = (value: unknown) =>
  value === null || value === undefined ? undefined : text(value);
const isTrue = (value: unknown) => value === true || value === 1 || value === "1";

export function string<K extends string>(key: K, value: unknown): Partial<Record<K, string>> {
  const known = optional(value);
  return known === undefined ? {} : ({ [key]: known } as Record<K, string>);
}

export function number<K extends string>(key: K, value: unknown): Partial<Record<K, number>> {
  return value === null || value === undefined
    ? {}
    : ({ [key]: Number(value) } as Record<K, number>);
}

export const toObject = (row: Row): SchemaObject => ({
  schema: text(row.schema),
  name: text(row.name),
  kind: text(row.kind),
  ...string("table", row.table),
  ...string("type", row.type),
  ...number("rows", row.rows),
  ...string("comment", row.comment),
});

export const toColumn = (row: Row): ColumnFacts => ({
  name: text(row.name),
  type: text(row.type),
  nullable: isTrue(row.nullable),
  primary_key: isTrue(row.primary_key),
  ...string("default", row.default),
  ...string("comment", row.comment),
});

export function toIndexes(rows: readonly Row[]): IndexFacts[] {
  const found = new Map<string, IndexFacts>();
  for (const row of rows) {
    const name = text(row.name);
    const known = found.get(name);
    if (known !== undefined) known.columns.push(text(row.column));
    else
      found.set(name, {
        name,
        columns: [text(row.column)],
        unique: isTrue(row.unique),
        primary: isTrue(row.primary),
        ...string("method", row.method),
      });
  }
  return [...found.values()];
}

export function toForeignKeys(rows: readonly Row[]): ForeignKey[] {
  const found = new Map<string, ForeignKey>();
  for (const row of rows) {
    const key = JSON.stringify([row.schema, row.table, row.constraint]);
    const known = found.get(key);
    if (known !== undefined) {
      known.columns.push(text(row.column));
      known.to_columns.push(text(row.to_column));
    } else
      found.set(key, {
        schema: text(row.schema),
        table: text(row.table),
        columns: [text(row.column)],
        to_schema: text(row.to_schema),
        to_table: text(row.to_table),
        to_columns: [text(row.to_column)],
      });
  }
  return [...found.values()];
}
