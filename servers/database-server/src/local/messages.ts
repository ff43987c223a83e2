import type { ErrorCode } from "#shared/core/errors.ts";
import type { Window } from "../engine/page.ts";
import type { ChangeReport, Param, Row, Table, Trial } from "../engine/types.ts";

/** What a child process is to open. */
export interface Source {
  connection: string;
  /** A file or a folder; the sample when there is none. */
  path?: string;
  writable: boolean;
  /** Patterns of the columns that are hidden. */
  masks: readonly string[];
}

interface Statement {
  sql: string;
  params: readonly Param[];
}

/** What a child process is asked for, by kind. */
export interface Asked {
  /** Whether a copy is still like what was copied. */
  fresh: object;
  query: Statement & { window: Window };
  read: Statement;
  plan: Statement & { analyze: boolean };
  trial: Statement & { indexes: readonly string[] };
  change: Statement & { commit: boolean; maxRows: number };
}

export interface Replies {
  fresh: boolean;
  query: Table;
  read: Row[];
  plan: unknown;
  trial: Trial;
  change: ChangeReport;
}

export type Kind = keyof Asked;
/** What takes as long as its statement. */
export type Work = Exclude<Kind, "fresh">;
export type Request<K extends Kind = Kind> = { [Each in K]: { kind: Each } & Asked[Each] }[K];

export interface Failure {
  code: ErrorCode;
  message: string;
  details: Record<string, unknown>;
}

export type ToChild = { open: Source } | { id: number; request: Request };
export type FromChild =
  /** After it opened, or failed to; whether it opened a copy. */
  | { ready: true; copy: boolean }
  | { id: number; result: Replies[Kind] }
  | { id: number; failure: Failure };
