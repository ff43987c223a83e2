import * as z from "zod";
import { connection, defineDatabaseTool, items, reading, schema, table } from "./define.ts";

/** Characters of a definition that are shown. */
const MAX_DEFINITION = 20_000;

export const describe = defineDatabaseTool({
  name: "describe",
  title: "Describe a table",
  description:
    "Columns, keys, indexes, foreign keys, triggers, size and definition of one table or view.",
  inputSchema: z.strictObject({ table, schema, connection }),
  outputSchema: z.object({
    schema: z.string().describe("Its schema"),
    name: z.string().describe("Its name"),
    kind: z.string().describe("table, view and the like"),
    rows: z.number().optional().describe("Rows, estimated"),
    bytes: z.number().optional().describe("Size on disk"),
    comment: z.string().optional().describe("Its comment"),
    columns: items("name, type, nullable, primary_key, default, comment"),
    indexes: items("name, columns, unique, primary, method"),
    foreign_keys: items("Those from and to it"),
    triggers: items("name, definition"),
    definition: z.string().optional().describe("SQL of a view"),
  }),
  annotations: reading,
  async handler(input, context) {
    const { catalog } = (await context.services.get("databases")).get(input.connection);
    const { signal } = context;
    const named = await catalog.resolve(input.table, input.schema, signal);
    const [columns, indexes, keys, triggers, definition, size] = await Promise.all([
      catalog.columns(named, signal),
      catalog.indexes(named, signal),
      catalog.foreignKeys(signal),
      catalog.triggers(named, signal),
      catalog.definition(named, signal),
      catalog.size(named, signal),
    ]);
    const isHere = (where: string, name: string) => where === named.schema && name === named.name;
    return {
      ...named,
      ...size,
      columns,
      indexes,
      foreign_keys: keys.filter(
        (key) => isHere(key.schema, key.table) || isHere(key.to_schema, key.to_table),
      ),
      triggers,
      ...(definition !== undefined && { definition: definition.slice(0, MAX_DEFINITION) }),
    };
  },
});
