import * as z from "zod";
import { withContent } from "#shared/core/content.ts";
import { decodeCursor, encodeCursor, MAX_CURSOR_CHARS } from "#shared/data/cursor.ts";
import { DEFAULT_ROWS, MAX_ROWS } from "../engine/limits.ts";
import type { Window } from "../engine/page.ts";
import { wrongCursor } from "../engine/refusal.ts";
import type { Table } from "../engine/types.ts";
import { FORMATS, formatTable } from "../results/format.ts";
import { orderWarning } from "../results/order.ts";
import {
  connection,
  count,
  cursor,
  defineDatabaseTool,
  NOTICE,
  params,
  reading,
  sql,
  told,
} from "./define.ts";

/** Rows that can be skipped to reach a page; the engine reads them all again. */
export const MAX_OFFSET = 100_000_000;
const MAX_KEY_COLUMNS = 32;
/** Where a page begins: after so many rows, or after the row with this key. */
const position = z.union([
  z.int().min(0).max(MAX_OFFSET),
  z.array(z.string().max(MAX_CURSOR_CHARS)).min(1).max(MAX_KEY_COLUMNS),
]);

export const query = defineDatabaseTool({
  name: "query",
  title: "Run a query",
  description:
    "Run one statement that only reads. next_cursor leads on; long values are cut, 64-bit and exact numbers are text.",
  inputSchema: z.strictObject({
    sql,
    params,
    connection,
    limit: count(MAX_ROWS, DEFAULT_ROWS, "Rows"),
    cursor,
    format: z.enum(FORMATS).default("rows").describe("Rows, or one text"),
    chart: z.enum(["bar", "line", "scatter"]).optional().describe("Plot 2 or 3 columns"),
  }),
  outputSchema: told,
  annotations: reading,
  async handler({ sql: text, params: values, limit, format, chart, ...input }, context) {
    const database = (await context.services.get("databases")).get(input.connection);
    const scope = { kind: "query", query: [database.name, text, values] };
    const from = input.cursor === undefined ? 0 : decodeCursor(input.cursor, scope, position);
    const window: Window =
      typeof from === "number" ? { offset: from, limit } : { offset: 0, after: from, limit };
    if (window.after !== undefined && database.engine.dialect !== "postgres") throw wrongCursor();
    const found: Table = await database.engine.query(
      { sql: text, params: values, window },
      context.signal,
    );
    const next = found.key ?? window.offset + found.rows.length;
    const warnings =
      found.more || from !== 0 ? await orderWarning(database.engine.dialect, text) : [];
    const result = {
      connection: database.name,
      columns: found.columns.map(({ name, type }) => ({ name, type })),
      ...formatTable(found, format),
      row_count: found.rows.length,
      ...(found.more && { next_cursor: encodeCursor(scope, next) }),
      ...(warnings.length > 0 && { warnings }),
      notice: NOTICE,
    };
    if (chart === undefined) return result;
    const { drawChart } = await import("../results/chart.ts");
    return withContent(result, await drawChart(found, chart));
  },
});
