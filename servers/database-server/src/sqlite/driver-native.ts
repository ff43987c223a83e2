import type { Driver, DriverColumn, Value } from "./driver.ts";
import { MAX_VALUE_BYTES, toValue } from "./driver.ts";

/** What is used of node:sqlite; the types of the oldest Node that is supported do not have it. */
interface Native {
  DatabaseSync: new (
    path: string,
    options: {
      readOnly: boolean;
      allowExtension: boolean;
      timeout: number;
      enableDoubleQuotedStringLiterals: boolean;
      /** Ignored by the first releases of Node 24; there the watchdog of the process is the limit. */
      limits: { length: number };
    },
  ) => NativeDatabase;
}

interface NativeDatabase {
  setAuthorizer?(
    decide: (
      code: number,
      first: string | null,
      second: string | null,
      schema: string | null,
      context: string | null,
    ) => number,
  ): void;
  enableDefensive?(on: boolean): void;
  prepare(sql: string): NativeStatement;
  exec(sql: string): void;
  close(): void;
}

interface NativeStatement {
  columns(): DriverColumn[];
  setReadBigInts(on: boolean): void;
  setReturnArrays(on: boolean): void;
  iterate(...params: (null | number | string)[]): Iterable<readonly Value[]>;
}

const OK = 0;
const DENY = 1;
const BUSY_TIMEOUT_MS = 2_000;

/** SQLite of Node itself, where it has the authorizer (Node 24 and later). Undefined elsewhere. */
export function openNative(path: string, writable: boolean): Driver | undefined {
  const native = process.getBuiltinModule?.("node:sqlite" as never) as unknown as
    | Native
    | undefined;
  if (native === undefined || !hasAuthorizer(native)) return undefined;
  const db = new native.DatabaseSync(path, {
    readOnly: !writable,
    allowExtension: false,
    timeout: BUSY_TIMEOUT_MS,
    enableDoubleQuotedStringLiterals: false,
    limits: { length: MAX_VALUE_BYTES },
  });
  db.enableDefensive?.(true);
  return wrap(db);
}

const hasAuthorizer = ({ DatabaseSync }: Native) =>
  typeof DatabaseSync?.prototype?.setAuthorizer === "function";

function wrap(db: NativeDatabase): Driver {
  return {
    authorize: (decide) =>
      db.setAuthorizer?.((code, first, second, _schema, context) =>
        decide({ code, first, second, context }) ? OK : DENY,
      ),
    exec: (sql) => db.exec(sql),
    prepare(sql) {
      const statement = db.prepare(sql);
      statement.setReadBigInts(true);
      statement.setReturnArrays(true);
      return {
        columns: statement.columns(),
        rows: (params) => statement.iterate(...params.map(toValue)),
        close: () => {},
      };
    },
  };
}
