import * as z from "zod";
import { suggest } from "../advice/suggest.ts";
import { connection, defineDatabaseTool, reading, sql, told } from "./define.ts";

export const MAX_QUERIES = 10;

export const suggestIndexes = defineDatabaseTool({
  name: "suggest_indexes",
  title: "Suggest indexes",
  description: "Indexes that would spare whole-table scans, and whether a plan would use them.",
  inputSchema: z.strictObject({
    queries: z.array(sql).min(1).max(MAX_QUERIES).describe("Queries without parameters"),
    connection,
  }),
  outputSchema: told,
  annotations: reading,
  async handler({ queries, ...input }, context) {
    const database = (await context.services.get("databases")).get(input.connection);
    return { suggestions: await suggest(database, queries, context.signal) };
  },
});
