import * as z from "zod";
import type { ConfigOf, StandardConfig } from "#shared/core/config.ts";
import { defineConfig, flag, integer, list, plainly } from "#shared/core/config.ts";
import { MAX_POOL, MAX_TIMEOUT_MS, MIN_TIMEOUT_MS } from "./connections/options.ts";
import { type ConnectionSpec, parseDatabaseUrl } from "./connections/url.ts";
import { UrlFault } from "./connections/url-fault.ts";

/** A name whose last part cannot be taken for a number, nor any part for an encoded one. */
const HOST = String.raw`[a-z][a-z0-9]*(-[a-z0-9]+)*(\.[a-z][a-z0-9]*(-[a-z0-9]+)*)*`;
const NETWORK = String.raw`(postgres|postgresql|mysql|mariadb)://([\w.-]+(:[\w.-]+)?@)?(127\.0\.0\.1|${HOST})(:[1-9]\d{1,3})?(/[\w-]+)?`;

/** The usual URLs: nothing escaped, and no option but `mode`. */
export const PLAIN_URL = new RegExp(
  String.raw`^(sqlite:(/|///)?\w[\w./-]*|${NETWORK})(\?mode=(read|write))?$`,
);

const databaseUrl = () =>
  plainly(
    PLAIN_URL,
    z.string().transform((text, context): ConnectionSpec => {
      try {
        return parseDatabaseUrl(text);
      } catch (error) {
        if (!(error instanceof UrlFault)) throw error;
        context.addIssue(error.message);
        return z.NEVER;
      }
    }),
  ).optional();

export const config = defineConfig({
  DATABASE_URL: {
    schema: databaseUrl(),
    describe:
      "Database: postgres://, mysql://, mariadb://, sqlite:/file or pglite:/folder, options after ?. Absent: a sample",
    secret: true,
  },
  DATABASE_URL_NAME: {
    schema: databaseUrl(),
    describe: "A further database; its name, as in DATABASE_URL_SALES, stands in place of NAME",
    secret: true,
    family: true,
  },
  ALLOW_WRITES: {
    schema: flag().default(false),
    describe: "Show execute, which writes to connections whose URL has mode=write",
  },
  QUERY_TIMEOUT_MS: {
    schema: integer(MIN_TIMEOUT_MS, MAX_TIMEOUT_MS).default(10_000),
    describe: "Milliseconds that a statement may take; timeout_ms in a URL wins",
  },
  MAX_CONNECTIONS: {
    schema: integer(1, MAX_POOL).default(10),
    describe: "Connections that one pool may open; max_connections in a URL wins",
  },
  MASK_COLUMNS: {
    schema: list().default([]),
    describe:
      "Columns whose values are hidden, between commas: column, table.column; * for any characters",
  },
} as const);

export type Config = StandardConfig & ConfigOf<(typeof config)["variables"]>;
