import type { Config } from "../config.ts";
import type { Engine } from "../engine/types.ts";
import { createLocal, type LocalOptions } from "../local/engine.ts";
import { maskRules } from "../masking/rules.ts";
import { createMysql } from "../mysql/engine.ts";
import { createPostgres } from "../postgres/engine.ts";
import { tlsOptions } from "./tls.ts";
import type { ConnectionSpec, NetworkSpec } from "./url.ts";

/** Engines that run in processes of this machine; one of PGlite takes longer to start anew. */
const LOCAL: Record<"sqlite" | "pglite", Omit<LocalOptions, "source" | "timeoutMs">> = {
  sqlite: {
    dialect: "sqlite",
    entry: "sqlite-child",
    fastMs: 250,
    version: "select 'SQLite ' || sqlite_version()",
  },
  pglite: {
    dialect: "postgres",
    entry: "pglite-child",
    fastMs: 1_000,
    version: "select 'PGlite, PostgreSQL ' || current_setting('server_version')",
  },
};

/** The engine of a connection. Nothing is connected, and no driver is loaded, before its first call. */
export function openEngine(connection: string, spec: ConnectionSpec, config: Config): Engine {
  const timeoutMs = spec.timeoutMs ?? config.QUERY_TIMEOUT_MS;
  const masks = maskRules(config.MASK_COLUMNS);
  if (!("host" in spec)) {
    const source = {
      connection,
      masks: config.MASK_COLUMNS,
      writable: spec.mode === "write",
      ...(spec.path !== undefined && { path: spec.path }),
    };
    return createLocal({ ...LOCAL[spec.engine], source, timeoutMs });
  }
  const maxConnections = spec.maxConnections ?? config.MAX_CONNECTIONS;
  const options = { connection, config: driverConfig(spec), maxConnections, timeoutMs, masks };
  return spec.engine === "postgres" ? createPostgres(options) : createMysql(options);
}

function driverConfig({ host, port, user, password, database, searchPath, tls }: NetworkSpec) {
  return {
    host,
    ...(port !== undefined && { port }),
    ...(user !== undefined && { user }),
    // without one, the driver would look for it in files and variables of this machine
    password: password ?? "",
    ...(database !== undefined && { database }),
    ...(searchPath !== undefined && { options: `-c search_path=${searchPath}` }),
    ...(tls !== undefined && { ssl: tlsOptions(tls, host) }),
  };
}
