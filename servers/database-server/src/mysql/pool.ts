import type { Connection, Pool, PoolOptions } from "mysql2";
import { ToolError, toToolError } from "#shared/core/errors.ts";
import { GRACE_MS } from "../engine/limits.ts";
import { changing, clean, settings } from "./between-calls.ts";
import { driverConfig, take, takeReady } from "./connecting.ts";
import { toMysqlError } from "./errors.ts";
import { script } from "./session.ts";
import { untilAborted } from "./until-aborted.ts";

export interface MysqlOptions {
  connection: string;
  config: PoolOptions;
  maxConnections: number;
  timeoutMs: number;
}

export interface Work {
  access: "READ ONLY" | "READ WRITE";
  commit?: boolean;
}

export interface MysqlPool {
  readonly mariadb: boolean;
  transact<T>(
    work: Work,
    signal: AbortSignal,
    run: (connection: Connection) => Promise<T>,
  ): Promise<T>;
  close(): Promise<void>;
}

export async function openPool(options: MysqlOptions): Promise<MysqlPool> {
  const { default: driver } = await import("mysql2");
  const config = driverConfig(options.config);
  const pool = driver.createPool({ ...config, connectionLimit: options.maxConnections });
  const mariadb = await isMariadb(pool, options).catch(async (error: unknown) => {
    pool.end(() => {});
    throw error;
  });
  const kill = async (id: number) => {
    const other = driver.createConnection(config);
    other.on("error", () => {});
    await script(other, `KILL QUERY ${Number(id)}`).finally(() => other.destroy());
  };
  return {
    mariadb,
    transact: (work, signal, run) => transact({ pool, options, mariadb, kill }, work, signal, run),
    close: () => new Promise((resolve) => pool.end(() => resolve())),
  };
}

interface Opened {
  pool: Pool;
  options: MysqlOptions;
  mariadb: boolean;
  kill(id: number): Promise<void>;
}

async function transact<T>(
  { pool, options, mariadb, kill }: Opened,
  { access, commit = false }: Work,
  signal: AbortSignal,
  run: (connection: Connection) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const connection = await takeReady(pool, options, settings(access, mariadb, options.timeoutMs));
  const limit = AbortSignal.timeout(options.timeoutMs + GRACE_MS);
  const ended = AbortSignal.any([signal, limit]);
  const stop = () => void kill(connection.threadId).catch(() => connection.destroy());
  ended.addEventListener("abort", stop, { once: true });
  try {
    await script(connection, `START TRANSACTION ${access}`);
    const running =
      access === "READ ONLY"
        ? run(connection)
        : changing(connection, commit, () => run(connection));
    return await untilAborted(running, ended, connection);
  } catch (error) {
    if (signal.aborted) throw toToolError(signal.reason, signal);
    if (limit.aborted) throw tooSlow(options);
    throw toMysqlError(error, options.connection);
  } finally {
    ended.removeEventListener("abort", stop);
    // the caller has the answer already; the next one gets the connection when it is clean
    void clean(connection, ended.aborted);
  }
}

async function isMariadb(pool: Pool, options: MysqlOptions): Promise<boolean> {
  const connection = await take(pool, options);
  try {
    return await new Promise<boolean>((resolve, reject) => {
      connection.query("SELECT VERSION() AS version", (error, rows) => {
        if (error !== null) reject(toMysqlError(error, options.connection));
        else resolve(/mariadb/i.test(JSON.stringify(rows)));
      });
    });
  } finally {
    connection.release();
  }
}

const tooSlow = ({ connection, timeoutMs }: MysqlOptions) =>
  new ToolError(
    "TIMEOUT",
    `${connection}: no answer in ${timeoutMs} ms, so the statement was stopped.`,
    {
      details: { reason: "timeout", connection, timeoutMs },
    },
  );
