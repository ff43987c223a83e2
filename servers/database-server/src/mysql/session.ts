import type { Connection } from "mysql2";
import { MAX_COLUMNS, MAX_PAGE_BYTES, MAX_WIRE_BYTES } from "../engine/limits.ts";
import { createPage } from "../engine/page.ts";
import { refuse } from "../engine/refusal.ts";
import type { Column, Param, Table } from "../engine/types.ts";
import { toCell, typeName } from "./values.ts";

export interface Outcome extends Table {
  affected: number;
}

interface Field {
  name: string;
  columnType: number;
  characterSet: number;
  orgTable: string;
  orgName: string;
  schema: string;
}

/** Bytes that are read and dropped once a page is full; then cutting the connection is cheaper. */
const DRAIN_BYTES = 16 * MAX_PAGE_BYTES;

export interface Reading {
  sql: string;
  params: readonly Param[];
  limit: number;
  skip: number;
  maxBytes?: number;
}

/** Runs one statement, prepared, and reads one page of its rows as they come. */
export function runStatement(connection: Connection, reading: Reading): Promise<Outcome> {
  const { sql, params, limit, skip, maxBytes = MAX_PAGE_BYTES } = reading;
  const page = createPage(limit, maxBytes);
  const outcome: Outcome = { columns: [], rows: page.rows, more: false, affected: 0 };
  let skipped = 0;
  return new Promise((resolve, reject) => {
    const uncap = capWire(
      connection,
      () => {
        if (outcome.more) return resolve(outcome);
        reject(tooLarge());
      },
      () => outcome.more,
    );
    // the driver tells of a connection that breaks on the connection, not on the command
    const broke = (error: unknown) => end(() => reject(error));
    const end = (settle: () => void) => {
      uncap();
      connection.off("error", broke);
      settle();
    };
    connection.on("error", broke);
    const command = connection.execute({ sql, rowsAsArray: true }, params.map(toValue));
    command.on("fields", (fields: readonly Field[] | undefined) => {
      outcome.columns = (fields ?? []).map(toColumn);
    });
    command.on("result", (row: unknown) => {
      if (!Array.isArray(row)) outcome.affected = affectedOf(row);
      else if (skipped++ >= skip && !outcome.more) outcome.more = !page.add(row.map(toCell));
    });
    command.on("error", broke);
    command.on("end", () =>
      end(() => (tooWide(outcome) ? reject(widthRefusal(outcome)) : resolve(outcome))),
    );
  });
}

const toValue = (param: Param) => (typeof param === "boolean" ? Number(param) : param);

const affectedOf = (header: unknown): number =>
  typeof header === "object" && header !== null && "affectedRows" in header
    ? Number(header.affectedRows)
    : 0;

const toColumn = ({
  name,
  columnType,
  characterSet,
  orgTable,
  orgName,
  schema,
}: Field): Column => ({
  name,
  type: typeName(columnType, characterSet),
  ...(orgTable !== "" &&
    orgName !== "" && { origin: { schema, table: orgTable, column: orgName } }),
});

const tooWide = ({ columns }: Outcome) => columns.length > MAX_COLUMNS;
const widthRefusal = ({ columns }: Outcome) =>
  refuse("too_wide", `The result has ${columns.length} columns; ${MAX_COLUMNS} are the most.`);

/** Cuts the connection when it sends more than any page needs. */
function capWire(connection: Connection, cut: () => void, isFull: () => boolean): () => void {
  const { stream } = connection as unknown as { stream: NodeJS.ReadableStream };
  let bytes = 0;
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes < (isFull() ? DRAIN_BYTES : MAX_WIRE_BYTES)) return;
    stream.off("data", count);
    connection.destroy();
    cut();
  };
  stream.on("data", count);
  return () => void stream.off("data", count);
}

const tooLarge = () =>
  refuse(
    "too_large",
    `The rows of this page have more than ${MAX_WIRE_BYTES} bytes. Ask for fewer rows or columns, or for parts of long values with left() or substr().`,
  );

/** Our own text, without parameters. */
export const script = (connection: Connection, sql: string, timeout?: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const query = { sql, ...(timeout !== undefined && { timeout }) };
    connection.query(query, (error) => (error === null ? resolve() : reject(error)));
  });
