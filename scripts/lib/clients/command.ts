import { stringify } from "smol-toml";
import { UsageError } from "../args.ts";
import { SharedError } from "../copy/errors.ts";
import type { Project } from "../projects.ts";
import { readToolsLock, shownTools } from "../tools-lock.ts";
import { messageOf } from "../unknown.ts";
import { readConfigFile, writeConfigFile } from "./config-file.ts";
import type { Connection, EnvVariable } from "./connection.ts";
import { connectionsOf, type Reach } from "./connections.ts";
import { describeCost } from "./cost.ts";
import type { Dialect } from "./dialect.ts";
import { dialects } from "./dialects.ts";
import { mergeServers, type Written } from "./merge.ts";
import { placesFor } from "./places.ts";

export interface ClientConfigOptions extends Reach {
  client: string;
  servers: readonly Project[];
  /** Merges into the file; else prints what would go there. */
  write: boolean;
  /** The file, when it is not where the client looks by default. */
  file?: string | undefined;
  replace: boolean;
  /** Takes what a program can use: the configuration alone. */
  print(text: string): void;
  /** Takes what a person should know. */
  tell(line: string): void;
}

/** Says what the servers cost, then prints or writes how the client reaches them. */
export function clientConfig(options: ClientConfigOptions): void {
  const { servers, tell, write } = options;
  const dialect = dialectNamed(options.client);
  const connections = connectionsOf(servers, options);
  const offers = servers.map((server, index) => ({
    server: server.name,
    tools: shownTools(readToolsLock(server.dir), givenEnv(connections[index])),
  }));
  for (const line of describeCost(offers, dialect)) tell(line);
  const text = valuesFor(dialect, write);
  const written = connections.map((connection) => writtenBy(dialect, connection, text));
  if (write) mergeInto(dialect, written, options);
  else show(dialect, written, options);
}

function show(
  dialect: Dialect,
  written: readonly Written[],
  { windows, print, tell, ...options }: ClientConfigOptions,
): void {
  const file = options.file ?? dialect.file(placesFor(windows));
  tell(`for ${file}:`);
  print(render(dialect, written));
  for (const { connection, entry, inputs } of written)
    for (const [where, link] of Object.entries(
      dialect.links?.(connection.name, entry, inputs) ?? {},
    ))
      tell(`install ${connection.name} in ${where}: ${link}`);
}

function dialectNamed(name: string): Dialect {
  const dialect = Object.hasOwn(dialects, name) ? dialects[name] : undefined;
  if (dialect) return dialect;
  throw new UsageError(`no client "${name}"; known: ${Object.keys(dialects).join(", ")}`);
}

function givenEnv(connection: Connection | undefined): Record<string, string | undefined> {
  const variables = connection?.kind === "stdio" ? connection.env : [];
  return Object.fromEntries(variables.map(({ name, value }) => [name, value ?? process.env[name]]));
}

/** A value as the client's file has it. One that it cannot refer to is written out, but not printed. */
function valuesFor(dialect: Dialect, write: boolean) {
  return (variable: EnvVariable): string => {
    const { name, value, secret } = variable;
    if (value !== undefined && (write || !secret)) return value;
    if (value === undefined && dialect.reference) return dialect.reference(variable);
    if (!write) return `<value of ${name}>`;
    const own = process.env[name];
    if (own) return own;
    throw new SharedError(
      `${dialect.label} cannot refer to a variable: set ${name} here, so that its value can be written`,
    );
  };
}

function writtenBy(
  dialect: Dialect,
  connection: Connection,
  text: (variable: EnvVariable) => string,
): Written {
  if (connection.kind === "stdio") {
    const inputs = connection.env.flatMap((one) => dialect.input?.(one) ?? []);
    return { connection, entry: dialect.stdio(connection, text), inputs };
  }
  if (typeof dialect.http === "string") throw new SharedError(dialect.http);
  const inputs = connection.key ? (dialect.input?.(connection.key) ?? []) : [];
  return { connection, entry: dialect.http(connection, text), inputs: [inputs].flat() };
}

function render({ format, key }: Dialect, written: readonly Written[]): string {
  const entries = Object.fromEntries(
    written.map(({ connection, entry }) => [connection.name, entry]),
  );
  if (format === "toml")
    return stringify({ [key]: entries })
      .replace(`[${key}]\n`, "")
      .trim();
  const inputs = written.flatMap((one) => one.inputs);
  const value = { ...(inputs.length > 0 && { inputs }), [key]: entries };
  return JSON.stringify(value, null, 2);
}

function mergeInto(
  dialect: Dialect,
  written: readonly Written[],
  { file = dialect.file(placesFor(false)), replace, tell }: ClientConfigOptions,
): void {
  try {
    const found = readConfigFile(file);
    const text = mergeServers(found.text, dialect, written, { replace });
    if (text === found.text) {
      tell(`current ${file}`);
      return;
    }
    const backup = writeConfigFile(found, text);
    tell(`written ${file}${backup ? `, what was there is in ${backup}` : ""}`);
    tell(`restart ${dialect.label} to use it`);
  } catch (error) {
    if (!(error instanceof SharedError)) throw error;
    throw new SharedError(`${file} is left as it was: ${messageOf(error)}`);
  }
}
