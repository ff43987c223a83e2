import { UrlFault } from "./url-fault.ts";

const COMMON = ["mode", "timeout_ms"] as const;
const NETWORK = ["max_connections", "sslmode", "sslrootcert", "sslcert", "sslkey"] as const;

export type OptionName = (typeof COMMON)[number] | (typeof NETWORK)[number] | "search_path";

/** What may stand after the ? of a URL, by engine. */
export const OPTIONS: Readonly<
  Record<"sqlite" | "pglite" | "postgres" | "mysql", readonly OptionName[]>
> = {
  sqlite: COMMON,
  pglite: COMMON,
  postgres: [...COMMON, ...NETWORK, "search_path"],
  mysql: [...COMMON, ...NETWORK],
};

export const SSL_MODES = ["disable", "require", "verify-ca", "verify-full"] as const;
export const MIN_TIMEOUT_MS = 100;
export const MAX_TIMEOUT_MS = 600_000;
export const MAX_POOL = 100;

/** The value of an option, once it is found right. */
export function readOption(name: OptionName, value: string): string {
  switch (name) {
    case "mode":
      return oneOf(name, value, ["read", "write"]);
    case "sslmode":
      return oneOf(name, value, SSL_MODES);
    case "timeout_ms":
      return between(name, value, MIN_TIMEOUT_MS, MAX_TIMEOUT_MS);
    case "max_connections":
      return between(name, value, 1, MAX_POOL);
    case "search_path":
      if (!/^[\w$]+(,[\w$]+)*$/.test(value))
        throw new UrlFault("search_path takes names of schemas between commas");
      return value;
    default:
      if (value === "") throw new UrlFault(`${name} takes the path of a file`);
      return value;
  }
}

function oneOf(name: string, value: string, known: readonly string[]): string {
  if (known.includes(value)) return value;
  throw new UrlFault(`${name} is one of ${known.join(", ")}`);
}

function between(name: string, value: string, min: number, max: number): string {
  if (/^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max) return value;
  throw new UrlFault(`${name} is a whole number from ${min} to ${max}`);
}
