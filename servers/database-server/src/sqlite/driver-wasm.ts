import { readFileSync, statSync } from "node:fs";
import { ToolError } from "#shared/core/errors.ts";
import type { Param } from "../engine/types.ts";
import type { Driver, DriverColumn, Prepared, Value } from "./driver.ts";
import { MAX_VALUE_BYTES, toValue } from "./driver.ts";

/** Largest file that is read into memory. */
export const MAX_WASM_FILE_BYTES = 256 * 1024 * 1024;

/** What is used of @sqlite.org/sqlite-wasm. */
interface Wasm {
  capi: Record<string, (...args: never[]) => never> & {
    SQLITE_DESERIALIZE_FREEONCLOSE: number;
    SQLITE_DESERIALIZE_READONLY: number;
  };
  wasm: { allocFromTypedArray(bytes: Uint8Array): number };
  oo1: { DB: new (name: string) => WasmDatabase };
}

interface WasmDatabase {
  pointer: number;
  exec(sql: string): void;
  prepare(sql: string): WasmStatement;
}

interface WasmStatement {
  pointer: number;
  columnCount: number;
  bind(values: (null | number | string)[]): void;
  step(): boolean;
  get(index: number): Value | bigint;
  getColumnName(index: number): string;
  finalize(): void;
}

const LIMIT_LENGTH = 0;

type Call = (...args: unknown[]) => number;
type Text = (...args: unknown[]) => string | null;

/**
 * SQLite as WebAssembly, for a Node whose own SQLite has no authorizer. It reads a copy in memory,
 * so it writes nothing anywhere; what a copy cannot show truly is refused.
 */
export async function openWasm(path: string | undefined, writable: boolean): Promise<Driver> {
  if (writable) throw unsupported("it cannot write to files");
  const { default: load } = await import("@sqlite.org/sqlite-wasm");
  const sqlite = (await (load as unknown as (options: object) => Promise<Wasm>)({
    print: () => {},
    printErr: () => {},
  })) as Wasm;
  const db = new sqlite.oo1.DB(":memory:");
  if (path !== undefined) loadFile(sqlite, db, path);
  (sqlite.capi.sqlite3_limit as unknown as Call)(db.pointer, LIMIT_LENGTH, MAX_VALUE_BYTES);
  return wrap(sqlite, db);
}

function loadFile(sqlite: Wasm, db: WasmDatabase, path: string): void {
  const bytes = readCopy(path);
  const at = sqlite.wasm.allocFromTypedArray(bytes);
  const { SQLITE_DESERIALIZE_FREEONCLOSE: free, SQLITE_DESERIALIZE_READONLY: readOnly } =
    sqlite.capi;
  const deserialize = sqlite.capi.sqlite3_deserialize as unknown as Call;
  const code = deserialize(db.pointer, "main", at, bytes.length, bytes.length, free | readOnly);
  if (code !== 0) throw unsupported(`it cannot open this file (code ${code})`);
}

function readCopy(path: string): Uint8Array {
  const { size } = statSync(path);
  if (size > MAX_WASM_FILE_BYTES)
    throw unsupported(
      `it takes files of at most ${MAX_WASM_FILE_BYTES} bytes, and this one has ${size}`,
    );
  for (const suffix of ["-wal", "-journal"])
    if ((statSync(path + suffix, { throwIfNoEntry: false })?.size ?? 0) > 0)
      throw unsupported(`another process is writing to it (there is a ${suffix} file)`);
  // the allocator takes no Buffer
  const bytes = new Uint8Array(readFileSync(path));
  // a file in WAL mode whose log is empty is whole; the header alone asks for a log
  if (bytes[18] === 2) bytes.fill(1, 18, 20);
  return bytes;
}

const unsupported = (why: string) =>
  new ToolError(
    "UNAVAILABLE",
    `On Node ${process.versions.node} SQLite runs from a copy of the file in memory, and ${why}. Start this server with Node 24.`,
    { details: { reason: "needs_node_24" } },
  );

function wrap(sqlite: Wasm, db: WasmDatabase): Driver {
  return {
    authorize(decide) {
      const set = sqlite.capi.sqlite3_set_authorizer as unknown as Call;
      // an absent text comes as a null pointer
      const text = (value: string | 0) => (value === 0 ? null : value);
      type Told = string | 0;
      const callback = (
        _: unknown,
        code: number,
        first: Told,
        second: Told,
        _schema: Told,
        context: Told,
      ) =>
        decide({ code, first: text(first), second: text(second), context: text(context) }) ? 0 : 1;
      set(db.pointer, callback, 0);
    },
    exec: (sql) => db.exec(sql),
    prepare: (sql) => prepare(sqlite, db.prepare(sql)),
  };
}

function prepare(sqlite: Wasm, statement: WasmStatement): Prepared {
  const tell = (name: string) => sqlite.capi[name] as unknown as Text;
  const indexes = Array.from({ length: statement.columnCount }, (_, index) => index);
  const columns = indexes.map(
    (index): DriverColumn => ({
      name: statement.getColumnName(index),
      type: tell("sqlite3_column_decltype")(statement.pointer, index),
      table: tell("sqlite3_column_table_name")(statement.pointer, index),
      column: tell("sqlite3_column_origin_name")(statement.pointer, index),
    }),
  );
  return {
    columns,
    rows: (params) => step(statement, params, indexes),
    close: () => statement.finalize(),
  };
}

function* step(statement: WasmStatement, params: readonly Param[], indexes: readonly number[]) {
  if (params.length > 0) statement.bind(params.map(toValue));
  while (statement.step()) yield indexes.map((index) => statement.get(index));
}
