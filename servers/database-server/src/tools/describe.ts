import * as z from "zod";
import { connection, defineDatabaseTool, reading, schema, table, told } from "./define.ts";

/** Characters of a definition that are shown. */
const MAX_DEFINITION = 20_000;

export const describe = defineDatabaseTool({
  name: "describe",
  title: "Describe a table",
  description:
    "Columns, indexes, foreign keys, triggers, size, comment and definition of a table or view.",
  inputSchema: z.strictObject({ table, schema, connection }),
  outputSchema: told,
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
