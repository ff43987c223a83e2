import { isDeepStrictEqual } from "node:util";
import { SharedError } from "../copy/errors.ts";
import { isRecord } from "../unknown.ts";
import type { Connection } from "./connection.ts";
import type { Entry } from "./dialect.ts";

/** What says how a server is reached: of an entry that changes, the rest is the user's. */
const REACHES = [
  "type",
  "command",
  "args",
  "env_vars",
  "url",
  "serverUrl",
  "httpUrl",
  "headers",
  "bearer_token_env_var",
];

/** Whether an entry that is there under this name reaches the same server: its file, its package or its address. */
export function isOfServer(entry: unknown, connection: Connection): boolean {
  const { name, server } = connection;
  const own = connection.kind === "http" ? new URL(connection.url).origin : undefined;
  return textsIn(entry).some((text) => {
    if (text === server || text.startsWith(`${server}@`)) return true;
    if (text.replaceAll("\\", "/").endsWith(`/${server}/dist/stdio.cjs`)) return true;
    if (!URL.canParse(text)) return false;
    const { origin, hostname, pathname } = new URL(text);
    const isOurs = own === undefined ? LOOPBACK.has(hostname) : origin === own;
    return isOurs && (pathname === "/mcp" || pathname.endsWith(`/${name}/mcp`));
  });
}

/** Where `pnpm start` serves: of an entry that had an address, and is to have a command. */
const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The entry as it should be: what reaches the server is new, what a user added stays. */
export function updatedEntry(old: unknown, entry: Entry): Entry {
  if (!isRecord(old)) return entry;
  const kept = Object.fromEntries(Object.entries(old).filter(([key]) => !REACHES.includes(key)));
  const env = isRecord(old.env) && isRecord(entry.env) ? { env: { ...old.env, ...entry.env } } : {};
  // variables of a program mean nothing to an address
  if (!("command" in entry)) delete kept.env;
  return { ...kept, ...entry, ...env };
}

/** The object at a key of the file. Throws when something else is there. */
export function objectAt(root: unknown, key: string): Record<string, unknown> {
  if (!isRecord(root)) throw new SharedError("it does not hold an object");
  const value = root[key] ?? {};
  if (isRecord(value)) return value;
  throw new SharedError(`its "${key}" is not an object`);
}

/** Whether both say the same: parsers make objects of kinds of their own. */
export const sayTheSame = (a: unknown, b: unknown): boolean =>
  isDeepStrictEqual(plain(a), plain(b));

const plain = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value));
