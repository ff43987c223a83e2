import type { Entry } from "../listing/describe-entry.ts";
import { refuse } from "../sandbox/refuse.ts";

export interface FilterInput {
  min_size?: number | undefined;
  max_size?: number | undefined;
  modified_after?: string | undefined;
  modified_before?: string | undefined;
}

/** Which entries fit by size, which only files have, and by time. Refuses what is no time. */
export function entryFilter(input: FilterInput): (entry: Omit<Entry, "name">) => boolean {
  const { min_size: least = 0, max_size: most = Number.POSITIVE_INFINITY } = input;
  const isSized = input.min_size !== undefined || input.max_size !== undefined;
  const after = timeOf(input.modified_after, Number.NEGATIVE_INFINITY);
  const before = timeOf(input.modified_before, Number.POSITIVE_INFINITY);
  const isTimed = input.modified_after !== undefined || input.modified_before !== undefined;
  return ({ size, modified }) => {
    if (isSized && (size === undefined || size < least || size > most)) return false;
    if (!isTimed) return true;
    const time = modified === undefined ? Number.NaN : Date.parse(modified);
    return time >= after && time <= before;
  };
}

function timeOf(text: string | undefined, absent: number): number {
  if (text === undefined) return absent;
  const time = ISO.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw refuse("invalid_range", {
      because: `${JSON.stringify(text)} is no time; write it as 2026-01-31 or 2026-01-31T12:00:00Z`,
    });
  return time;
}

const ISO = /^\d{4}-\d\d-\d\d/;
