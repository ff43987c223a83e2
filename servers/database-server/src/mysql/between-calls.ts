import type { PoolConnection } from "mysql2";
import { LOCK_TIMEOUT_MS } from "../engine/limits.ts";
import type { Work } from "./pool.ts";
import { script } from "./session.ts";

/**
 * A transaction that only reads does not stop statements that commit by themselves; the session's
 * own setting does. The mode is fixed because the lexer of the guard reads quotes by it.
 */
export function settings(access: Work["access"], mariadb: boolean, timeoutMs: number): string {
  const readOnly = access === "READ ONLY" ? 1 : 0;
  const lock = Math.ceil(LOCK_TIMEOUT_MS / 1000);
  const engine = mariadb
    ? `tx_read_only = ${readOnly}, max_statement_time = ${timeoutMs / 1000}`
    : `transaction_read_only = ${readOnly}, max_execution_time = ${timeoutMs}`;
  const mode = "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";
  return `SET SESSION sql_mode = '${mode}', ${engine}, lock_wait_timeout = ${lock}, innodb_lock_wait_timeout = ${lock}`;
}

/** A reset ends what outlives a transaction: variables, locks, prepared statements, temporary tables. */
export async function clean(connection: PoolConnection, broken: boolean): Promise<void> {
  try {
    if (broken) throw new Error("A kill may still be on its way to it");
    await script(connection, "ROLLBACK");
    await new Promise<void>((resolve, reject) => {
      connection.reset((error) =>
        error === null || error === undefined ? resolve() : reject(error),
      );
    });
    connection.release();
  } catch {
    connection.destroy();
  }
}
