import type { EnvVariable, HttpConnection, StdioConnection } from "./connection.ts";
import type { Places } from "./places.ts";

export type Entry = Record<string, unknown>;

/** A place for a secret that the client asks the user for: VS Code's `inputs`. */
export interface Input {
  type: "promptString";
  id: string;
  description: string;
  password: true;
}

/** How one client writes down its servers. */
export interface Dialect {
  label: string;
  format: "json" | "toml";
  /** The key of the file that holds the servers by name. */
  key: string;
  file(places: Places): string;
  /** A variable of the client's own environment, in the words of its file; absent: it knows none. */
  reference?(variable: EnvVariable): string;
  stdio(connection: StdioConnection, text: ValueText): Entry;
  /** Absent: the client takes no remote server from its file, and why. */
  http: ((connection: HttpConnection, text: ValueText) => Entry) | string;
  /** What the file needs beside the entry. */
  input?(variable: EnvVariable): Input | undefined;
  /** A link that installs the server at one click, by what opens it. */
  links?(name: string, entry: Entry, inputs: readonly Input[]): Record<string, string>;
  /** More tools than this the client refuses or cuts. */
  maxTools?: number;
}

/** The text of a value: itself, or the client's reference to it. */
export type ValueText = (variable: EnvVariable) => string;

export const envOf = (variables: readonly EnvVariable[], text: ValueText): Entry =>
  variables.length === 0
    ? {}
    : { env: Object.fromEntries(variables.map((one) => [one.name, text(one)])) };

export const headersOf = ({ key }: HttpConnection, text: ValueText): Entry =>
  key ? { headers: { Authorization: `Bearer ${text(key)}` } } : {};

/** `command`, `args`, `env`: what most clients share. */
export const plainStdio = ({ command, args, env }: StdioConnection, text: ValueText): Entry => ({
  command,
  args,
  ...envOf(env, text),
});

/** `url` and `headers`, the address under another key where the client has one. */
export const plainHttp =
  (fields: Entry = {}, address = "url") =>
  (connection: HttpConnection, text: ValueText): Entry => ({
    ...fields,
    [address]: connection.url,
    ...headersOf(connection, text),
  });
