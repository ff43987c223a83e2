import { defineResource } from "#shared/core/definition.ts";
import type { Config } from "../config.ts";
import type { Database, Databases } from "../connections/databases.ts";
import type { Services } from "../tools/define.ts";

/** `db://<connection>/<schema>/<table>`: what describe tells of a table, for clients that attach resources. */
export const tableResource = defineResource<Config, Services>({
  name: "table",
  title: "Table",
  description: "Columns, indexes and foreign keys of a table or view",
  mimeType: "application/json",
  uriTemplate: "db://{connection}/{schema}/{table}",
  async read(uri, { connection = "", schema, table = "" }, context) {
    const { catalog } = (await context.services.get("databases")).get(connection);
    const named = await catalog.resolve(table, schema, context.signal);
    const [columns, indexes, keys] = await Promise.all([
      catalog.columns(named, context.signal),
      catalog.indexes(named, context.signal),
      catalog.foreignKeys(context.signal),
    ]);
    const foreign = keys.filter((key) => key.schema === named.schema && key.table === named.name);
    const text = JSON.stringify({ ...named, columns, indexes, foreign_keys: foreign });
    return { contents: [{ uri, mimeType: "application/json", text }] };
  },
  async complete(name, value, context) {
    const databases = await context.services.get("databases");
    return complete(databases, name, value, context.signal);
  },
});

/** Proposes values for an argument; those of every connection, because one argument is asked at a time. */
export async function complete(
  { all }: Databases,
  name: string,
  value: string,
  signal: AbortSignal,
): Promise<string[]> {
  const begins = (text: string) => text.toLowerCase().startsWith(value.toLowerCase());
  if (name === "connection") return all.map((database) => database.name).filter(begins);
  if (name !== "schema" && name !== "table") return [];
  const tables = (await Promise.all(all.map((database) => tablesOf(database, signal)))).flat();
  const values = tables.map((table) => (name === "schema" ? table.schema : table.name));
  return [...new Set(values)].filter(begins).sort();
}

/** A connection that does not answer proposes nothing, and keeps the others from nothing. */
const tablesOf = ({ catalog }: Database, signal: AbortSignal) =>
  catalog.search("table", undefined, undefined, signal).catch(() => []);
