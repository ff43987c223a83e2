import { OPTIONS, type OptionName, readOption } from "./options.ts";
import { readTls, type Tls } from "./tls.ts";
import { UrlFault } from "./url-fault.ts";

export type Mode = "read" | "write";

export interface Common {
  mode: Mode;
  timeoutMs?: number;
  maxConnections?: number;
}

export interface NetworkSpec extends Common {
  engine: "postgres" | "mysql";
  host: string;
  port?: number;
  user?: string;
  password?: string;
  database?: string;
  searchPath?: string;
  tls?: Tls;
}

export interface LocalSpec extends Common {
  engine: "sqlite" | "pglite";
  /** A file of SQLite, a folder of PGlite. Absent: the sample database. */
  path?: string;
}

export type ConnectionSpec = NetworkSpec | LocalSpec;

const SCHEMES: Readonly<Record<string, ConnectionSpec["engine"]>> = {
  "postgres:": "postgres",
  "postgresql:": "postgres",
  "mysql:": "mysql",
  "mariadb:": "mysql",
  "sqlite:": "sqlite",
  "file:": "sqlite",
  "pglite:": "pglite",
};

/** Reads a database URL; an option that is not known is a fault, never ignored. */
export function parseDatabaseUrl(text: string): ConnectionSpec {
  const engine = SCHEMES[/^[a-z]+:/.exec(text)?.[0] ?? ""];
  if (engine === undefined)
    throw new UrlFault(
      "expected a URL that begins with postgres://, mysql://, mariadb://, sqlite: or pglite:",
    );
  const [address = "", search = ""] = split(text);
  const options = readOptions(engine, search);
  const common: Common = {
    mode: options.mode === "write" ? "write" : "read",
    ...(options.timeout_ms !== undefined && { timeoutMs: Number(options.timeout_ms) }),
    ...(options.max_connections !== undefined && {
      maxConnections: Number(options.max_connections),
    }),
  };
  if (engine === "sqlite" || engine === "pglite")
    return { engine, ...common, path: filePath(address) };
  return network(engine, address, options, common);
}

function split(text: string): [string, string] {
  const at = text.indexOf("?");
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

/** `sqlite:shop.db`, `sqlite:/data/shop.db`, `pglite:/data/shop`, with any number of slashes that makes sense. */
function filePath(address: string): string {
  const path = decode(address.replace(/^[a-z]+:/, "").replace(/^\/\/(localhost)?(?=\/|$)/, ""));
  if (path === "" || path.startsWith(":"))
    throw new UrlFault("expected a path, as in sqlite:/data/shop.db or pglite:/data/shop");
  if (path.includes("\0")) throw new UrlFault("the path holds a null character");
  return path;
}

type Options = Partial<Record<OptionName, string>>;

function readOptions(engine: ConnectionSpec["engine"], search: string): Options {
  const found: Options = {};
  for (const [name, value] of new URLSearchParams(search)) {
    const known = OPTIONS[engine].find((each) => each === name);
    if (known === undefined)
      throw new UrlFault(
        `there is no option ${JSON.stringify(name)}; there are ${OPTIONS[engine].join(", ")}`,
      );
    if (known in found) throw new UrlFault(`the option ${known} stands twice`);
    found[known] = readOption(known, value);
  }
  return found;
}

function network(
  engine: "postgres" | "mysql",
  address: string,
  options: Options,
  common: Common,
): NetworkSpec {
  const url = parseAddress(address);
  const database = decode(url.pathname.replace(/^\//, ""));
  const tls = readTls(options, url.hostname);
  return {
    engine,
    ...common,
    host: url.hostname === "" ? "127.0.0.1" : url.hostname.replace(/^\[|\]$/g, ""),
    ...(url.port !== "" && { port: Number(url.port) }),
    ...(url.username !== "" && { user: decode(url.username) }),
    ...(url.password !== "" && { password: decode(url.password) }),
    ...(database !== "" && { database }),
    ...(options.search_path !== undefined && { searchPath: options.search_path }),
    ...(tls !== undefined && { tls }),
  };
}

/** As http, because WHATWG URLs check hosts and ports of few schemes. */
function parseAddress(address: string): URL {
  const rest = address.replace(/^[a-z]+:\/\//, "");
  if (rest === address) throw new UrlFault("expected // after the scheme");
  try {
    return new URL(`http://${rest}`);
  } catch {
    throw new UrlFault(
      "expected scheme://user:password@host:port/database, special characters as %XX",
    );
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UrlFault("a % in it is not followed by two digits of a character");
  }
}
