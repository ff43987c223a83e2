import * as z from "zod";
import { withContent } from "#shared/core/content.ts";
import { decodeCursor, encodeCursor } from "#shared/data/cursor.ts";
import { DEFAULT_ROWS, MAX_ROWS } from "../engine/limits.ts";
import type { Table } from "../engine/types.ts";
import { FORMATS, formatTable } from "../results/format.ts";
import { orderWarning } from "../results/order.ts";
import {
  connection,
  count,
  cursor,
  defineDatabaseTool,
  items,
  NOTICE,
  nextCursor,
  notice,
  params,
  reading,
  sql,
} from "./define.ts";

/** Rows that can be skipped to reach a page; the engine reads them all again. */
export const MAX_OFFSET = 100_000_000;
const position = z.int().min(0).max(MAX_OFFSET);

export const query = defineDatabaseTool({
  name: "query",
  title: "Run a query",
  description:
    "Run one statement that only reads, in a read-only transaction with limits of time, rows and bytes. Long values are cut, blobs told by size and hash, 64-bit and exact numbers sent as text.",
  inputSchema: z.strictObject({
    sql,
    params,
    connection,
    limit: count(MAX_ROWS, DEFAULT_ROWS, "Rows of a page"),
    cursor,
    format: z.enum(FORMATS).default("rows").describe("rows as arrays, or one text"),
    chart: z
      .enum(["bar", "line", "scatter"])
      .optional()
      .describe("Also plot 2 or 3 columns as SVG"),
  }),
  outputSchema: z.object({
    connection: z.string().describe("Which connection answered"),
    columns: items("name and type of each column"),
    rows: z.array(items("Values in the order of columns")).optional().describe("Rows"),
    text: z.string().optional().describe("Rows in the format asked for"),
    row_count: z.int().describe("Rows on this page"),
    next_cursor: nextCursor,
    warnings: z.array(z.string()).optional().describe("What to know of the result"),
    notice,
  }),
  annotations: reading,
  async handler({ sql: text, params: values, limit, format, chart, ...input }, context) {
    const database = (await context.services.get("databases")).get(input.connection);
    const scope = { kind: "query", query: [database.name, text, values] };
    const offset = input.cursor === undefined ? 0 : decodeCursor(input.cursor, scope, position);
    const window = { offset, limit };
    const found: Table = await database.engine.query(
      { sql: text, params: values, window },
      context.signal,
    );
    const warnings =
      found.more || offset > 0 ? await orderWarning(database.engine.dialect, text) : [];
    const result = {
      connection: database.name,
      columns: found.columns.map(({ name, type }) => ({ name, type })),
      ...formatTable(found, format),
      row_count: found.rows.length,
      ...(found.more && { next_cursor: encodeCursor(scope, offset + found.rows.length) }),
      ...(warnings.length > 0 && { warnings }),
      notice: NOTICE,
    };
    if (chart === undefined) return result;
    const { drawChart } = await import("../results/chart.ts");
    return withContent(result, await drawChart(found, chart));
  },
});
