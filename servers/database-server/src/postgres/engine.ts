import type { Engine } from "../engine/types.ts";
import { imagine } from "./hypopg.ts";
import { createOperations } from "./operations.ts";
import { openPool, type PoolOptions, type PostgresPool } from "./pool.ts";

/** A PostgreSQL server, behind a pool that the first call opens. */
export function createPostgres(options: PoolOptions): Engine {
  let opening: Promise<PostgresPool> | undefined;
  const pool = () => {
    opening ??= openPool(options);
    return opening;
  };
  const operations = createOperations({
    transact: async (work, signal, run) => (await pool()).transact(work, signal, run),
    masks: options.masks,
    imagine: { work: { access: "READ ONLY", once: true }, indexes: imagine },
  });
  return {
    dialect: "postgres",
    version: async (signal) => {
      const [row] = await operations.read("select version() as version", [], signal);
      return String(row?.version ?? "").split(" on ")[0] ?? "";
    },
    ...operations,
    close: async () => (await opening)?.close(),
  };
}
