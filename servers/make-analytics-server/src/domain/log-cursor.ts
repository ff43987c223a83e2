import * as z from "zod";
import type { LogRow, MakeCall } from "#shared/make-api/call.ts";
import { openStore } from "./store.ts";

export const MAX_CURSORS = 100;

/** How far one scenario was read: the time of the last row that went out, and the rows of that same time. */
const place = z.object({ at: z.number(), seen: z.array(z.string()) });
const places = z.record(z.string(), place);
/** `before` is where the last batch began, so that it can be given again. */
const cursor = z.object({ before: places, now: places });
const file = z.record(z.string(), cursor);

export type Places = z.output<typeof places>;

export const cursorStore = (make: MakeCall) => openStore(make, "log-cursors.json", file, {});

export interface Line {
  scenarioId: number;
  row: LogRow;
}

/** Rows that were not given out yet, oldest first. */
export function freshRows(rows: readonly LogRow[], scenarioId: number, from: Places): Line[] {
  const seen = new Set(from[scenarioId]?.seen);
  return rows
    .filter(({ imtId }) => !seen.has(imtId))
    .map((row) => ({ scenarioId, row }))
    .reverse();
}

/** Where the next batch begins once `lines` went out. */
export function advance(from: Places, lines: readonly Line[]): Places {
  const next: Places = structuredClone(from);
  for (const { scenarioId, row } of lines) {
    const at = Date.parse(row.timestamp);
    const last = next[scenarioId];
    next[scenarioId] =
      last?.at === at ? { at, seen: [...last.seen, row.imtId] } : { at, seen: [row.imtId] };
  }
  return next;
}
