// Copied from shared/data/page.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { ToolError } from "#shared/core/errors.ts";
import { type CursorScope, decodeCursor, encodeCursor } from "./cursor.ts";

/** Items on a page, unless the caller says otherwise. */
export const DEFAULT_PAGE_SIZE = 50;
/** The most items on a page, unless the tool says otherwise. */
export const MAX_PAGE_SIZE = 200;

export interface PageOptions extends CursorScope {
  /** From the page before; without it, the first page. */
  cursor?: string | undefined;
  /** At least 1; more than `max` counts as `max`. */
  limit?: number | undefined;
  max?: number | undefined;
}

export interface Page<T> {
  items: T[];
  /** All items of the listing. */
  total: number;
  /** Leads to the next page; absent on the last. */
  nextCursor?: string;
}

const offset = {
  parse(value: unknown): number {
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
    throw new TypeError("no offset");
  },
};

/**
 * One page of a list that is whole in memory. The place is an index, so that a list which grows or
 * shrinks between two pages may repeat or skip items; past its end a page is empty and the last.
 * Errors: VALIDATION_ERROR for a limit under 1, or for a cursor that is not of this listing (see decodeCursor).
 */
export function page<T>(items: readonly T[], options: PageOptions): Page<T> {
  const {
    cursor,
    max = MAX_PAGE_SIZE,
    limit = Math.min(DEFAULT_PAGE_SIZE, max),
    kind,
    query,
  } = options;
  if (!Number.isInteger(limit) || limit < 1) {
    throw new ToolError(
      "VALIDATION_ERROR",
      `The limit of a page is a whole number from 1 to ${max}.`,
      {
        details: { limit },
      },
    );
  }
  const start = cursor === undefined ? 0 : decodeCursor(cursor, { kind, query }, offset);
  const end = start + Math.min(limit, max);
  const shown = { items: items.slice(start, end), total: items.length };
  return end < items.length ? { ...shown, nextCursor: encodeCursor({ kind, query }, end) } : shown;
}
