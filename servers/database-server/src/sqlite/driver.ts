import type { Param } from "../engine/types.ts";
import type { Action } from "./authorizer.ts";

export type Value = null | number | bigint | string | Uint8Array;

export interface DriverColumn {
  name: string;
  type: string | null;
  table: string | null;
  column: string | null;
}

export interface Prepared {
  readonly columns: readonly DriverColumn[];
  rows(params: readonly Param[]): Iterable<readonly Value[]>;
  close(): void;
}

/** One open database, however SQLite came here. */
export interface Driver {
  /** Called for everything a statement does, while it is prepared; false denies. */
  authorize(decide: (action: Action) => boolean): void;
  prepare(sql: string): Prepared;
  exec(sql: string): void;
}

/** Bytes of one text or blob, also on the way to a result. */
export const MAX_VALUE_BYTES = 64 * 1024 * 1024;

/** Bytes that SQLite may hold, in builds that count them; a statement that needs more fails instead of the process. */
export const HEAP_LIMIT_BYTES = 256 * 1024 * 1024;

export const toValue = (param: Param): null | number | string =>
  typeof param === "boolean" ? Number(param) : param;
