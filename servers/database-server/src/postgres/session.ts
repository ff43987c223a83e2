import type pg from "pg";
import { ToolError } from "#shared/core/errors.ts";
import { LOCK_TIMEOUT_MS, MAX_WIRE_BYTES } from "../engine/limits.ts";
import type { Param } from "../engine/types.ts";

/** Columns and rows as text, as they came. */
export interface Raw {
  fields: readonly { name: string; tableID: number; columnID: number; dataTypeID: number }[];
  rows: (string | null)[][];
  rowCount: number;
}

/** One transaction of one call, on a connection that nobody else has meanwhile. */
export interface Session {
  /** By the extended protocol: one statement, always. */
  run(text: string, params?: readonly Param[]): Promise<Raw>;
  /** Our own text without parameters; may hold several statements. */
  script(text: string): Promise<void>;
}

const asText = { getTypeParser: () => (value: unknown) => value };

/** What PostgreSQL is sent for a parameter; it reads it by the type that the statement gives it. */
const toText = (param: Param) => (param === null ? null : String(param));

export function createSession(client: pg.ClientBase): Session {
  return {
    async run(text, params = []) {
      const result = await client.query({
        text,
        values: params.map(toText),
        rowMode: "array",
        types: asText,
        // the driver uses the simple protocol for statements without parameters otherwise
        queryMode: "extended",
      } as unknown as pg.QueryArrayConfig);
      return { fields: result.fields, rows: result.rows, rowCount: result.rowCount ?? 0 };
    },
    script: async (text) => void (await client.query(text)),
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

interface Stream {
  on(event: "data", listener: (chunk: Buffer) => void): void;
  off(event: "data", listener: (chunk: Buffer) => void): void;
  destroy(error?: Error): void;
}

const streamOf = (client: pg.ClientBase): Stream =>
  (client as unknown as { connection: { stream: Stream } }).connection.stream;

/** Cuts the connection; whoever waits for its answer hears that it broke. */
export const destroy = (client: pg.ClientBase): void => streamOf(client).destroy();

/** Cuts the connection when one call is sent too much: a row of 1 GB would be held in memory whole. */
export function capWire(client: pg.ClientBase): () => void {
  const stream = streamOf(client);
  let bytes = 0;
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_WIRE_BYTES) stream.destroy(tooLarge());
  };
  stream.on("data", count);
  return () => stream.off("data", count);
}

const tooLarge = () =>
  new ToolError(
    "VALIDATION_ERROR",
    `The rows of this page have more than ${MAX_WIRE_BYTES} bytes. Ask for fewer rows or columns, or for parts of long values with left() or substr().`,
    { details: { reason: "too_large" } },
  );
