import * as z from "zod";
import { tryIndexes } from "../advice/hypothetical.ts";
import { connection, defineDatabaseTool, params, reading, sql, table, told } from "./define.ts";

const MAX_INDEXES = 10;
const MAX_INDEX_COLUMNS = 16;

export const explain = defineDatabaseTool({
  name: "explain",
  title: "Explain a query",
  description: "The plan of a query that only reads.",
  inputSchema: z.strictObject({
    sql,
    params,
    connection,
    analyze: z.boolean().default(false).describe("Run and measure it"),
    hypothetical_indexes: z
      .array(
        z.strictObject({
          table,
          columns: z.array(z.string().max(256)).min(1).max(MAX_INDEX_COLUMNS).describe("In order"),
        }),
      )
      .max(MAX_INDEXES)
      .default([])
      .describe("Plan as if there: SQLite, hypopg"),
  }),
  outputSchema: told,
  annotations: reading,
  async handler({ analyze, hypothetical_indexes: wanted, ...input }, context) {
    const database = (await context.services.get("databases")).get(input.connection);
    const query = { sql: input.sql, params: input.params };
    if (wanted.length > 0) return tryIndexes(database, query, wanted, context.signal);
    return { plan: await database.engine.plan({ ...query, analyze }, context.signal) };
  },
});
