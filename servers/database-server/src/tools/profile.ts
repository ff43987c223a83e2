import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import { profileColumn } from "../advice/profile-column.ts";
import { connection, defineDatabaseTool, NOTICE, reading, schema, table, told } from "./define.ts";

export const MAX_PROFILED = 20;

export const profile = defineDatabaseTool({
  name: "profile",
  title: "Profile columns",
  description:
    "Nulls, distinct, least, largest and top values of columns, over the first 50,000 rows.",
  inputSchema: z.strictObject({
    table,
    schema,
    connection,
    columns: z
      .array(z.string().max(256))
      .max(MAX_PROFILED)
      .default([])
      .describe("Default the first 20"),
  }),
  outputSchema: told,
  annotations: reading,
  async handler(input, context) {
    const database = (await context.services.get("databases")).get(input.connection);
    const { signal } = context;
    const named = await database.catalog.resolve(input.table, input.schema, signal);
    const known = await database.catalog.columns(named, signal);
    const missing = input.columns.find((name) => !known.some((column) => column.name === name));
    if (missing !== undefined)
      throw new ToolError("NOT_FOUND", `${named.name} has no column ${JSON.stringify(missing)}.`);
    const wanted = known
      .filter(({ name }) => input.columns.length === 0 || input.columns.includes(name))
      .slice(0, MAX_PROFILED);
    const columns = [];
    for (const [index, column] of wanted.entries()) {
      columns.push(await profileColumn(database, named, column, signal));
      context.progress(index + 1, wanted.length);
    }
    return { table: `${named.schema}.${named.name}`, columns, notice: NOTICE };
  },
});
