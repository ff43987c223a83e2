import type pg from "pg";
import { LOCK_TIMEOUT_MS } from "../engine/limits.ts";
import type { Param } from "../engine/types.ts";
import { streamOf } from "./wire.ts";

/** Columns and rows as text, as they came. */
export interface Raw {
  fields: readonly { name: string; tableID: number; columnID: number; dataTypeID: number }[];
  rows: (string | null)[][];
  rowCount: number;
}

/**
 * One transaction of one call, on a connection that nobody else has meanwhile. What is sent `ahead`
 * is not waited for: it saves the way there and back, and its failure is that of the next `run`.
 */
export interface Session {
  /** By the extended protocol: one statement, always. */
  run(text: string, params?: readonly Param[]): Promise<Raw>;
  /** Like `run`, for what should be the last one: `end` is sent behind it, in one write. */
  runLast(text: string): Promise<Raw>;
  /** Like `run`, sent ahead of the next one. */
  ahead(text: string, params: readonly Param[]): void;
  /** Our own text without parameters, sent ahead; may hold several statements. */
  script(text: string): void;
  /** Ends the transaction, and what outlives one: locks, settings, statements, listeners. */
  end(): Promise<void>;
}

export interface Work {
  access: "READ ONLY" | "READ WRITE";
  /** Characters that we put before the caller's statement: what the engine counts from its start. */
  shift?: number;
  commit?: boolean;
  /** Whether it leaves something that only the end of the connection ends. */
  once?: boolean;
}

/** Runs `run` in a transaction of its own that is rolled back, and leaves nothing on the connection. */
export type Transact = <T>(
  work: Work,
  signal: AbortSignal,
  run: (session: Session) => Promise<T>,
) => Promise<T>;

/** What every client is made with: statements sent without waiting, values as the text that came. */
export const CLIENT_OPTIONS = {
  pipeline: true,
  types: { getTypeParser: () => (value: unknown) => value },
} as unknown as pg.ClientConfig;

/** What PostgreSQL is sent for a parameter; it reads it by the type that the statement gives it. */
const toText = (param: Param) => (param === null ? null : String(param));

export function createSession(client: pg.ClientBase): Session {
  const stream = streamOf(client);
  const before: Promise<unknown>[] = [];
  const send = (text: string, params: readonly Param[]) =>
    client.query({
      text,
      values: params.map(toText),
      rowMode: "array",
      // the driver uses the simple protocol for statements without parameters otherwise
      queryMode: "extended",
    } as unknown as pg.QueryArrayConfig);
  const keep = (sending: () => Promise<unknown>) => {
    if (before.length === 0) stream.cork?.();
    const sent = sending();
    sent.catch(() => {}); // told by the next run
    before.push(sent);
  };
  let ended: Promise<unknown> | undefined;
  const sendEnd = () => {
    ended = Promise.all([client.query("ROLLBACK"), client.query("DISCARD ALL")]);
    ended.catch(() => {}); // told by end()
  };
  async function run(text: string, params: readonly Param[], isLast: boolean): Promise<Raw> {
    stream.cork?.();
    const sent = send(text, params);
    ended = undefined;
    if (isLast) sendEnd();
    stream.uncork?.();
    sent.catch(() => {}); // what was sent before may have failed, and is told first
    for (const each of flush()) await each;
    const { fields, rows, rowCount } = await sent;
    return { fields, rows, rowCount: rowCount ?? 0 };
  }
  const flush = () => {
    if (before.length > 0) stream.uncork?.();
    return before.splice(0);
  };
  return {
    ahead: (text, params) => keep(() => send(text, params)),
    script: (text) => keep(() => client.query(text)),
    run: (text, params = []) => run(text, params, false),
    runLast: (text) => run(text, [], true),
    async end() {
      if (ended === undefined) {
        stream.cork?.();
        sendEnd();
        stream.uncork?.();
      }
      flush();
      await ended;
    },
  };
}

/**
 * What a statement cannot lift: a limit counts from the start of a statement, and the guard lets no
 * statement through that sets one. With `standard_conforming_strings` the server reads strings as
 * the parser of the guard did.
 */
export const opening = (access: "READ ONLY" | "READ WRITE", timeoutMs: number) =>
  [
    `BEGIN TRANSACTION ${access}`,
    `SET LOCAL statement_timeout = ${timeoutMs}`,
    `SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`,
    `SET LOCAL idle_in_transaction_session_timeout = ${timeoutMs + 60_000}`,
    "SET LOCAL standard_conforming_strings = on",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL DateStyle = 'ISO, YMD'",
  ].join("; ");
