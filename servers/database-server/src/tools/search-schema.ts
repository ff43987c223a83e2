import * as z from "zod";
import { page } from "#shared/data/page.ts";
import { KINDS, type SchemaObject } from "../catalog/types.ts";
import type { Database } from "../connections/databases.ts";
import { connection, count, cursor, defineDatabaseTool, reading, schema, told } from "./define.ts";

export const MAX_FOUND = 200;
/** Tables whose columns are shown at once. */
export const MAX_FULL = 20;

export const searchSchema = defineDatabaseTool({
  name: "search_schema",
  title: "Search the schema",
  description: "Find objects of the schema by name, in pages.",
  inputSchema: z.strictObject({
    kind: z.enum(KINDS).default("table").describe("What"),
    pattern: z.string().max(256).optional().describe("Part of a name; * is any text"),
    schema,
    connection,
    detail: z.enum(["names", "summary", "full"]).default("names").describe("full has columns"),
    limit: count(MAX_FOUND, 50, "Objects"),
    cursor,
  }),
  outputSchema: told,
  annotations: reading,
  async handler({ kind, pattern, detail, limit, cursor: from, ...input }, context) {
    const database = (await context.services.get("databases")).get(input.connection);
    const found = await database.catalog.search(kind, pattern, input.schema, context.signal);
    const {
      items: shown,
      total,
      nextCursor: next,
    } = page(found, {
      kind: "search_schema",
      query: [database.name, kind, pattern, input.schema, detail],
      cursor: from,
      limit,
      max: detail === "full" ? MAX_FULL : MAX_FOUND,
    });
    return {
      total,
      found: await Promise.all(shown.map((each) => tell(database, each, detail, context.signal))),
      ...(next !== undefined && { next_cursor: next }),
    };
  },
});

async function tell(
  { catalog }: Database,
  object: SchemaObject,
  detail: "names" | "summary" | "full",
  signal: AbortSignal,
): Promise<unknown> {
  if (detail === "names")
    return [object.schema, object.table, object.name]
      .filter((part) => part !== undefined)
      .join(".");
  if (detail === "summary" || !/table|view/.test(object.kind)) return object;
  const columns = await catalog.columns(object, signal);
  return { ...object, columns: columns.map(({ name, type }) => `${name} ${type}`) };
}
