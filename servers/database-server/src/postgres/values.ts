import { blobCell, type Cell, numberCell, textCell } from "../engine/cells.ts";

/** Object ids of types, fixed in PostgreSQL's own catalogue. */
const BOOL = 16;
const BYTEA = 17;
const NUMBERS = new Set([21, 23, 26, 700, 701]);

/** A value in PostgreSQL's text format, as a cell. */
export function toCell(text: string | null, type: number): Cell {
  if (text === null) return null;
  if (type === BOOL) return text === "t";
  if (NUMBERS.has(type)) {
    const value = Number(text);
    return Number.isFinite(value) ? numberCell(value) : text;
  }
  if (type === BYTEA && text.startsWith("\\x")) return blobCell(Buffer.from(text.slice(2), "hex"));
  return textCell(text);
}
