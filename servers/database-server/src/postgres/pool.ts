import type pg from "pg";
import { ToolError, toToolError } from "#shared/core/errors.ts";
import { GRACE_MS } from "../engine/limits.ts";
import type { MaskRules } from "../masking/rules.ts";
import { toPostgresError } from "./errors.ts";
import {
  CLIENT_OPTIONS,
  createSession,
  opening,
  type Session,
  type Transact,
  type Work,
} from "./session.ts";
import { capWire, destroy } from "./wire.ts";

/** Milliseconds to connect, and to wait for a connection of the pool. */
export const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_MS = 30_000;

export interface PoolOptions {
  connection: string;
  config: pg.ClientConfig;
  maxConnections: number;
  timeoutMs: number;
  masks?: MaskRules | undefined;
}

export interface PostgresPool {
  transact: Transact;
  close(): Promise<void>;
}

export async function openPool(options: PoolOptions): Promise<PostgresPool> {
  const { default: driver } = await import("pg");
  const pool = new driver.Pool({
    ...options.config,
    ...CLIENT_OPTIONS,
    max: options.maxConnections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_MS,
    application_name: "flotilla database-server",
  });
  pool.on("error", () => {}); // an idle connection that breaks is replaced; who needs it hears of it
  return {
    transact: (work, signal, run) => transact(driver, pool, options, work, signal, run),
    close: () => pool.end(),
  };
}

async function transact<T>(
  driver: typeof pg,
  pool: pg.Pool,
  options: PoolOptions,
  { access, shift = 0, commit = false, once = false }: Work,
  signal: AbortSignal,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const client = await take(pool, options);
  const watch = watchClient(client, signal, options.timeoutMs + GRACE_MS, () =>
    cancel(driver, client, options),
  );
  const session = createSession(client);
  try {
    session.script(opening(access, options.timeoutMs));
    const result = await work(session);
    if (commit) await session.run("COMMIT");
    return result;
  } catch (error) {
    if (signal.aborted) throw toToolError(signal.reason, signal);
    if (watch.isLate()) throw tooSlow(options);
    const values = options.masks === undefined;
    throw toPostgresError(watch.failure() ?? error, options.connection, { shift, values });
  } finally {
    // the caller has the answer already; the next one gets the connection when it is clean
    void clean(client, session, watch.end() || once);
  }
}

/** Milliseconds that the engine has to end what was cancelled before its connection is cut. */
const CANCEL_MS = 2_000;

/** What may happen to a connection while a call uses it: it breaks, floods us or has to stop. */
function watchClient(
  client: pg.PoolClient,
  signal: AbortSignal,
  limitMs: number,
  cancelQuery: () => Promise<void>,
) {
  const uncap = capWire(client);
  let failure: Error | undefined;
  let cut: NodeJS.Timeout | undefined;
  let late = false;
  const onError = (error: Error) => {
    failure ??= error;
  };
  const stop = () => {
    cut ??= setTimeout(() => destroy(client), CANCEL_MS);
    cancelQuery().catch(() => destroy(client));
  };
  const limit = setTimeout(() => {
    late = true;
    stop();
  }, limitMs);
  client.on("error", onError);
  signal.addEventListener("abort", stop, { once: true });
  return {
    failure: () => failure,
    isLate: () => late,
    /** Whether the connection is of no more use: a cancel may still be on its way to it. */
    end(): boolean {
      clearTimeout(limit);
      clearTimeout(cut);
      signal.removeEventListener("abort", stop);
      uncap();
      client.off("error", onError);
      return failure !== undefined || late || signal.aborted;
    },
  };
}

async function take(
  pool: pg.Pool,
  { connection, maxConnections }: PoolOptions,
): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    if (pool.totalCount >= maxConnections)
      throw new ToolError(
        "UNAVAILABLE",
        `${connection}: all ${maxConnections} connections were busy for ${CONNECT_TIMEOUT_MS} ms. Try again later.`,
        { details: { reason: "pool_exhausted", connection } },
      );
    throw toPostgresError(error, connection);
  }
}

/** Ends what runs on the connection, from another one: a connection cannot hear while it works. */
async function cancel(
  driver: typeof pg,
  client: pg.ClientBase,
  { config }: PoolOptions,
): Promise<void> {
  const { processID } = client as unknown as { processID: number };
  const other = new driver.Client({ ...config, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  other.on("error", () => {});
  await other.connect();
  try {
    await other.query("SELECT pg_cancel_backend($1)", [processID]);
  } finally {
    await other.end();
  }
}

async function clean(client: pg.PoolClient, session: Session, broken: boolean): Promise<void> {
  const swallow = () => {};
  client.on("error", swallow);
  try {
    if (!broken) await session.end();
    client.off("error", swallow);
    client.release(broken);
  } catch {
    client.release(true);
  }
}

const tooSlow = ({ connection, timeoutMs }: PoolOptions) =>
  new ToolError(
    "TIMEOUT",
    `${connection}: no answer in ${timeoutMs} ms, so the statement was stopped.`,
    {
      details: { reason: "timeout", connection, timeoutMs },
    },
  );
