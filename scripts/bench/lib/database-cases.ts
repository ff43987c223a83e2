import { FEW_ROWS, MANY_ROWS } from "./database-fixture.ts";
import type { ToolCall } from "./messages.ts";

/** Rows of one page of the large result, for all: what ours fits into one page. */
export const PAGE_ROWS = 250;
const CONCURRENT = 64;

export interface DatabaseCase {
  name: string;
  /** Times that one sample does it, of which the median counts. */
  times: number;
  /** Calls sent at once. */
  atOnce?: number;
  sql?: string;
  /** The statement of each page, where the caller has to turn the pages. */
  page?(rows: number): string;
  /** Calls that are no query. */
  ours?: ToolCall;
  dbhub?: ToolCall;
  /** Rows, or names, that an answer must have, so that nobody is fast by doing nothing. */
  rows: number;
}

const tool = (name: string, args: Record<string, unknown>): ToolCall => ({ name, arguments: args });

const searching = (name: string, detail: string, rows: number): DatabaseCase => ({
  name,
  times: 5,
  rows,
  ours: tool("search_schema", { pattern: "table_12*", detail, limit: rows }),
  dbhub: tool("search_objects", {
    object_type: "table",
    pattern: "table_12%",
    detail_level: detail,
    limit: rows,
  }),
});

/** What is asked of a database with 5,000 tables and 100 MB of rows. */
export const databaseCases: DatabaseCase[] = [
  { name: "1 row", times: 100, sql: "SELECT id, name FROM few WHERE id = 7", rows: 1 },
  {
    name: `${FEW_ROWS} rows`,
    times: 30,
    sql: "SELECT id, name, total, at FROM few ORDER BY id",
    rows: FEW_ROWS,
  },
  {
    name: `${CONCURRENT} queries at once`,
    times: 10,
    atOnce: CONCURRENT,
    sql: "SELECT id, name FROM few WHERE id <= 20 ORDER BY id",
    rows: 20,
  },
  searching("names of 100 of 5,000 tables", "names", 100),
  searching("columns of 20 of 5,000 tables", "full", 20),
  {
    name: "100 MB, page by page",
    times: 1,
    sql: "SELECT id, note FROM many ORDER BY id",
    page: (rows) => `SELECT id, note FROM many ORDER BY id LIMIT ${PAGE_ROWS} OFFSET ${rows}`,
    rows: MANY_ROWS,
  },
];
