import type { Cell } from "../engine/cells.ts";
import { MAX_CELL_CHARS, MAX_COLUMNS, MAX_PAGE_BYTES } from "../engine/limits.ts";
import { createPage, type Window } from "../engine/page.ts";
import { refuse } from "../engine/refusal.ts";
import type { Param } from "../engine/types.ts";
import type { Raw, Session } from "./session.ts";
import { toCell } from "./values.ts";

/** Rows that are fetched first of a statement that did not run before: nobody knows how wide they are. */
const FIRST_ROWS = 20;
/** How many times the size of a page may be read for it: long values are cut. */
const MAX_CUT = 16;
/** Quotes, a comma, the digits of a number. */
const CELL_BYTES = 4;

export const CURSOR_PREFIX = "DECLARE flotilla_page NO SCROLL CURSOR FOR ";

export interface RawPage {
  fields: Raw["fields"];
  rows: Cell[][];
  more: boolean;
  /** The last row, as it came. */
  last?: Raw["rows"][number];
}

/** What the rows of a statement had in bytes when it ran last; a guess of what they will have. */
export interface Width {
  width?: number;
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
  known: Width,
): Promise<RawPage> {
  session.ahead(CURSOR_PREFIX + sql, params);
  if (window.offset > 0) session.ahead(`MOVE FORWARD ${window.offset} IN flotilla_page`, []);
  const page = createPage(window.limit);
  let fields: Raw["fields"] = [];
  let last: Raw["rows"][number] = [];
  let [shown, read] = [0, 0];
  let count = known.width === undefined ? FIRST_ROWS : Math.ceil(MAX_PAGE_BYTES / known.width) + 1;
  for (;;) {
    // one more than fits shows that there are more
    count = Math.max(1, Math.min(count, window.limit + 1 - page.rows.length));
    const isLast = count === window.limit + 1 - page.rows.length;
    const fetch = `FETCH FORWARD ${count} FROM flotilla_page`;
    const raw = await (isLast ? session.runLast(fetch) : session.run(fetch));
    if (fields.length === 0) fields = checkFields(raw.fields);
    let more = false;
    for (const row of raw.rows) {
      more = !page.add(cells(row, fields));
      if (more) break;
      for (const value of row) {
        const characters = (value?.length ?? 0) + CELL_BYTES;
        read += characters;
        shown += Math.min(characters, MAX_CELL_CHARS);
      }
      last = row;
    }
    known.width = Math.max(1, shown, read / MAX_CUT) / Math.max(1, page.rows.length);
    if (more) return { fields, rows: page.rows, more, last };
    if (raw.rows.length < count) return { fields, rows: page.rows, more: false };
    count = Math.ceil((MAX_PAGE_BYTES - shown) / known.width) + 1;
  }
}

export function checkFields(fields: Raw["fields"]): Raw["fields"] {
  if (fields.length <= MAX_COLUMNS) return fields;
  throw refuse("too_wide", `The result has ${fields.length} columns; ${MAX_COLUMNS} are the most.`);
}

export const cells = (row: readonly (string | null)[], fields: Raw["fields"]): Cell[] =>
  row.map((value, index) => toCell(value, fields[index]?.dataTypeID ?? 0));
