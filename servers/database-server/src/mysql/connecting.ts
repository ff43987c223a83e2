import { connect, isIP } from "node:net";
import type { Pool, PoolConnection, PoolOptions } from "mysql2";
import { ToolError } from "#shared/core/errors.ts";
import { toMysqlError } from "./errors.ts";
import type { MysqlOptions } from "./pool.ts";
import { script } from "./session.ts";

/** Milliseconds to connect, and to wait for a connection of the pool. */
export const CONNECT_TIMEOUT_MS = 5_000;
const DEFAULT_PORT = 3306;

/** What every connection is opened with; the caller's options cannot say otherwise. */
const FIXED: PoolOptions = {
  multipleStatements: false,
  charset: "utf8mb4",
  supportBigNumbers: true,
  bigNumberStrings: false,
  dateStrings: true,
  jsonStrings: true,
  // LOCAL INFILE would let the server read files of this machine
  flags: ["-LOCAL_FILES"],
  waitForConnections: true,
  enableKeepAlive: true,
};

/**
 * The driver gives TLS no name to compare with an address, and Node compares with "localhost" then,
 * unless the socket knows better.
 */
function connectByAddress({ host = "", port = DEFAULT_PORT }: PoolOptions): Partial<PoolOptions> {
  if (isIP(host) === 0) return {};
  const stream = () =>
    Object.assign(connect({ host, port, noDelay: true, keepAlive: true }), { _host: host });
  return { stream };
}

export const driverConfig = (config: PoolOptions): PoolOptions => ({
  ...config,
  ...FIXED,
  ...connectByAddress(config),
  connectTimeout: CONNECT_TIMEOUT_MS,
});

/** A connection that has taken its settings. Those that broke while nobody used them are given up. */
export async function takeReady(
  pool: Pool,
  options: MysqlOptions,
  sql: string,
): Promise<PoolConnection> {
  for (let broken = 0; ; broken += 1) {
    const connection = await take(pool, options);
    try {
      await script(connection, sql, CONNECT_TIMEOUT_MS);
      return connection;
    } catch (error) {
      connection.destroy();
      if (!isFatal(error) || broken === options.maxConnections)
        throw toMysqlError(error, options.connection);
    }
  }
}

const isFatal = (error: unknown) =>
  typeof error === "object" && error !== null && "fatal" in error && error.fatal === true;

export function take(
  pool: Pool,
  { connection, maxConnections }: MysqlOptions,
): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      const message = `${connection}: all ${maxConnections} connections were busy for ${CONNECT_TIMEOUT_MS} ms. Try again later.`;
      reject(
        new ToolError("UNAVAILABLE", message, {
          details: { reason: "pool_exhausted", connection },
        }),
      );
    }, CONNECT_TIMEOUT_MS);
    pool.getConnection((error, taken) => {
      clearTimeout(timer);
      if (error !== null) reject(toMysqlError(error, connection));
      else if (late) taken.release();
      else resolve(taken);
    });
  });
}
