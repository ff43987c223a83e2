import type { Cell } from "../engine/cells.ts";
import { MAX_COLUMNS, MAX_PAGE_BYTES } from "../engine/limits.ts";
import { createPage, type Window } from "../engine/page.ts";
import { refuse } from "../engine/refusal.ts";
import type { Param } from "../engine/types.ts";
import type { Raw, Session } from "./session.ts";
import { toCell } from "./values.ts";

/** Rows that are fetched first: few, because nobody knows yet how wide they are. */
const FIRST_ROWS = 20;

export const CURSOR_PREFIX = "DECLARE flotilla_page NO SCROLL CURSOR FOR ";

export interface RawPage {
  fields: Raw["fields"];
  rows: Cell[][];
  more: boolean;
}

/**
 * One page of a SELECT. A cursor, so that the server skips what comes before the page and plans for
 * its first rows, and so that the statement is not rewritten; it ends with the transaction.
 */
export async function fetchPage(
  session: Session,
  sql: string,
  params: readonly Param[],
  window: Window,
): Promise<RawPage> {
  await session.run(CURSOR_PREFIX + sql, params);
  if (window.offset > 0) await session.run(`MOVE FORWARD ${window.offset} IN flotilla_page`);
  const page = createPage(window.limit);
  let fields: Raw["fields"] = [];
  let count = Math.min(window.limit + 1, FIRST_ROWS);
  for (;;) {
    const raw = await session.run(`FETCH FORWARD ${count} FROM flotilla_page`);
    if (fields.length === 0) fields = checkFields(raw.fields);
    for (const row of raw.rows)
      if (!page.add(cells(row, fields))) return { fields, rows: page.rows, more: true };
    if (raw.rows.length < count) return { fields, rows: page.rows, more: false };
    count = nextCount(page.rows, window.limit);
  }
}

export function checkFields(fields: Raw["fields"]): Raw["fields"] {
  if (fields.length <= MAX_COLUMNS) return fields;
  throw refuse("too_wide", `The result has ${fields.length} columns; ${MAX_COLUMNS} are the most.`);
}

export const cells = (row: readonly (string | null)[], fields: Raw["fields"]): Cell[] =>
  row.map((value, index) => toCell(value, fields[index]?.dataTypeID ?? 0));

/** What the page still has room for, by the width of the rows so far; one more shows that there are more. */
function nextCount(rows: readonly Cell[][], limit: number): number {
  const left = limit + 1 - rows.length;
  const width = Math.max(1, JSON.stringify(rows).length / Math.max(1, rows.length));
  const room = Math.ceil(MAX_PAGE_BYTES / width) - rows.length + 1;
  return Math.max(1, Math.min(left, room));
}
