import type { Cell } from "./cells.ts";
import { MAX_PAGE_BYTES } from "./limits.ts";

/** The values, as text, by which a row is found again. */
export type Key = readonly string[];

/** Which rows of a result are wanted: those after so many, or those after the one with this key. */
export interface Window {
  offset: number;
  after?: Key;
  limit: number;
}

/** Takes rows until the page is full, by count or by bytes. */
export interface PageBuilder {
  /** False when the row did not fit any more: there is more than the page shows. */
  add(row: Cell[]): boolean;
  readonly rows: Cell[][];
}

/** A page has one row at least, however wide: cells are cut before they come here. */
export function createPage(limit: number, maxBytes = MAX_PAGE_BYTES): PageBuilder {
  const rows: Cell[][] = [];
  /** At most so many; writing rows out only to count them takes longer than most pages are worth. */
  let bytes = 0;
  let exact = false;
  let full = limit === 0;
  return {
    rows,
    add(row) {
      if (full) return false;
      bytes += exact ? bytesOf(row) : mostBytes(row);
      if (bytes > maxBytes && !exact) {
        exact = true;
        bytes = rows.reduce((sum, each) => sum + bytesOf(each), bytesOf(row));
      }
      full = rows.length === limit || (bytes > maxBytes && rows.length > 0);
      if (!full) rows.push(row);
      return !full;
    },
  };
}

/** As JSON, with the comma after it. */
const bytesOf = (row: readonly Cell[]) => Buffer.byteLength(JSON.stringify(row)) + 1;

/** A control character takes six bytes, a number no more than 25. */
function mostBytes(row: readonly Cell[]): number {
  let most = 3;
  for (const cell of row) {
    if (typeof cell === "string") most += cell.length * 6 + 3;
    else most += typeof cell === "object" && cell !== null ? bytesOf([cell]) : 25;
  }
  return most;
}
