export const KINDS = ["table", "view", "column", "index", "function"] as const;
export type Kind = (typeof KINDS)[number];

/** Something of the schema. */
export interface SchemaObject {
  schema: string;
  name: string;
  /** What it is, in the engine's word: table, view, materialized view and so on. */
  kind: string;
  /** The table of a column or an index. */
  table?: string;
  type?: string;
  /** Rows, as the engine estimates them. */
  rows?: number;
  comment?: string;
}

export interface ColumnFacts {
  name: string;
  type: string;
  nullable: boolean;
  primary_key: boolean;
  default?: string;
  comment?: string;
}

export interface IndexFacts {
  name: string;
  columns: string[];
  unique: boolean;
  primary: boolean;
  method?: string;
}

export interface ForeignKey {
  schema: string;
  table: string;
  columns: string[];
  to_schema: string;
  to_table: string;
  to_columns: string[];
}

export interface Named {
  schema: string;
  name: string;
  kind: string;
}

/** How one dialect is asked for its schema; every statement is ours, and names are parameters. */
export interface CatalogSql {
  /** Columns: schema, name, kind, table, type, rows, comment. Parameters: a LIKE pattern, a schema or null. */
  search: Readonly<Record<Kind, string>>;
  /** Parameters: schema, table. Columns: those of ColumnFacts. */
  columns: string;
  /** Parameters: schema, table. Columns: name, column, unique, primary, method; a row a column. */
  indexes: string;
  /** Columns: constraint, schema, table, column, to_schema, to_table, to_column; a row a column. */
  foreignKeys: string;
  /** Parameters: schema, table. Columns: name, definition. */
  triggers: string;
  /** Parameters: schema, view. Column: definition. */
  definition: string;
  /** Parameters: schema, table. Columns: rows, bytes, comment. */
  size: string;
  quote(name: string): string;
}
