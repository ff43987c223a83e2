import type { Cell } from "./cells.ts";
import { MAX_PAGE_BYTES } from "./limits.ts";

/** Which rows of a result are wanted. */
export interface Window {
  offset: number;
  limit: number;
}

/** Takes rows until the page is full, by count or by bytes. */
export interface PageBuilder {
  /** False when the row did not fit any more: there is more than the page shows. */
  add(row: Cell[]): boolean;
  readonly rows: Cell[][];
  readonly full: boolean;
}

/** A page has one row at least, however wide: cells are cut before they come here. */
export function createPage(limit: number, maxBytes = MAX_PAGE_BYTES): PageBuilder {
  const rows: Cell[][] = [];
  let bytes = 0;
  let full = limit === 0;
  return {
    rows,
    get full() {
      return full;
    },
    add(row) {
      if (full) return false;
      bytes += Buffer.byteLength(JSON.stringify(row)) + 1;
      if (rows.length === limit || (bytes > maxBytes && rows.length > 0)) {
        full = true;
        return false;
      }
      rows.push(row);
      return true;
    },
  };
}
