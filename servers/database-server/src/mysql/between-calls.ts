import type { Connection, PoolConnection } from "mysql2";
import { ToolError } from "#shared/core/errors.ts";
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

/** Runs a change and commits it, or undoes it, and throws where something could not be undone. */
export async function changing<T>(
  connection: Connection,
  commit: boolean,
  run: () => Promise<T>,
): Promise<T> {
  try {
    const result = await run();
    await (commit ? script(connection, "COMMIT") : undo(connection));
    return result;
  } catch (error) {
    await undo(connection).catch((other: unknown) => {
      if (other instanceof ToolError) throw other;
    });
    throw error;
  }
}

/** An engine that cannot roll back warns of what stays; a trigger that the user may not see can use one. */
const undo = (connection: Connection): Promise<void> =>
  new Promise((resolve, reject) => {
    connection.query("ROLLBACK", (error, result) => {
      if (error !== null) return reject(error);
      const warned = "warningStatus" in result && result.warningStatus > 0;
      return warned ? reject(kept()) : resolve();
    });
  });

const kept = () =>
  new ToolError(
    "PERMISSION_DENIED",
    "The change was rolled back but for a table whose engine cannot: what was written there stays. A trigger that this user may not read can write to one.",
    { details: { reason: "not_rolled_back" } },
  );

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
