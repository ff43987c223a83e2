import type { Cell } from "./cells.ts";
import type { Key, Window } from "./page.ts";

export const DIALECTS = ["sqlite", "postgres", "mysql"] as const;
export type Dialect = (typeof DIALECTS)[number];

/** Where a column of a result comes from, when it is one of a table as it stands. */
export interface Origin {
  schema?: string;
  table: string;
  column: string;
}

export interface Column {
  name: string;
  type: string;
  origin?: Origin;
}

/** A page of a result: columns once, rows as arrays. */
export interface Table {
  columns: Column[];
  rows: Cell[][];
  /** Whether the statement has more rows than the page shows. */
  more: boolean;
  /** Of the last row, where the rest of the result can be found by it instead of counted. */
  key?: Key;
}

export type Param = null | boolean | number | string;
export type Row = Record<string, unknown>;

export interface Query {
  sql: string;
  params: readonly Param[];
  window: Window;
}

export interface PlanQuery {
  sql: string;
  params: readonly Param[];
  /** Runs the statement, inside the guard, and measures it. */
  analyze: boolean;
}

/** What a query's plan is without and with indexes that do not exist. */
export interface Trial {
  before: unknown;
  after: unknown;
}

export interface Change {
  sql: string;
  params: readonly Param[];
  commit: boolean;
  maxRows: number;
}

export interface ChangeReport {
  affected: number;
  tables: { table: string; rows: number }[];
  /** What RETURNING gave, or nothing. */
  sample: Table;
}

/** One database, as the tools see it. Everything that a caller wrote passes the guard of its engine. */
export interface Engine {
  readonly dialect: Dialect;
  /** The product and its version, once connected. */
  version(signal: AbortSignal): Promise<string>;
  query(query: Query, signal: AbortSignal): Promise<Table>;
  /** The plan as the engine words it: JSON where it has that, else lines. */
  plan(query: PlanQuery, signal: AbortSignal): Promise<unknown>;
  /** Runs a statement of this server itself, in the same read-only transaction and limits. */
  read(sql: string, params: readonly Param[], signal: AbortSignal): Promise<Row[]>;
  /** The plan without and with indexes that do not exist, where the engine can imagine them. */
  trial?(
    sql: string,
    params: readonly Param[],
    indexes: readonly string[],
    signal: AbortSignal,
  ): Promise<Trial>;
  change(change: Change, signal: AbortSignal): Promise<ChangeReport>;
  close(): Promise<void>;
}
