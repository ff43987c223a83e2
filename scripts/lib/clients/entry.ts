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

/** Whether an entry that is there under this name is of the same server. */
export function isOfServer(entry: unknown, connection: Connection): boolean {
  const text = JSON.stringify(entry);
  return text.includes(connection.server) || text.includes(`/${connection.name}/mcp`);
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
