import * as z from "zod";
import {
  connection,
  count,
  defineDatabaseTool,
  NOTICE,
  reading,
  schema,
  table,
  told,
} from "./define.ts";

/** Rows that a sample may have. */
export const MAX_SAMPLE = 100;

export const sample = defineDatabaseTool({
  name: "sample",
  title: "Show some rows",
  description: "A few rows of one table or view, in no order.",
  inputSchema: z.strictObject({
    table,
    schema,
    connection,
    limit: count(MAX_SAMPLE, 5, "Rows"),
  }),
  outputSchema: told,
  annotations: reading,
  async handler(input, context) {
    const { catalog, engine } = (await context.services.get("databases")).get(input.connection);
    const named = await catalog.resolve(input.table, input.schema, context.signal);
    const { columns, rows } = await engine.query(
      {
        sql: `SELECT * FROM ${catalog.qualified(named)} LIMIT ${input.limit}`,
        params: [],
        window: { offset: 0, limit: input.limit },
      },
      context.signal,
    );
    return { columns: columns.map(({ name, type }) => ({ name, type })), rows, notice: NOTICE };
  },
});
