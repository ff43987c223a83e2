import type { ErrorCode } from "#shared/core/errors.ts";
import type { Window } from "../engine/page.ts";
import type { ChangeReport, Param, Row, Table } from "../engine/types.ts";

/** What a child process is to open. */
export interface Source {
  /** A file, or the sample when there is none. */
  path?: string;
  writable: boolean;
  /** Patterns of the columns that are hidden. */
  masks: readonly string[];
}

export type Request =
  | { kind: "query"; sql: string; params: readonly Param[]; window: Window }
  | { kind: "read"; sql: string; params: readonly Param[] }
  | { kind: "trial"; sql: string; params: readonly Param[]; indexes: readonly string[] }
  | { kind: "change"; sql: string; params: readonly Param[]; commit: boolean; maxRows: number };

export interface Replies {
  query: Table;
  read: Row[];
  trial: { before: Row[]; after: Row[] };
  change: ChangeReport;
}

export interface Failure {
  code: ErrorCode;
  message: string;
  details: Record<string, unknown>;
}

export type ToChild = { open: Source } | { id: number; request: Request };
export type FromChild =
  | { ready: true }
  | { id: number; result: Replies[Request["kind"]] }
  | { id: number; failure: Failure };
