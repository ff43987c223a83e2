import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";

export const MS_A_DAY = 86_400_000;

/** Analytics of Make go back a year, logs as far as the licence keeps them. */
export const MAX_DAYS = 366;

/** A moment as ISO 8601. Not zod's own: its pattern alone is 400 bytes in every list of tools. */
export const moment = (describe: string) =>
  z
    .string()
    .max(35)
    .refine(
      (text) => /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text)),
      "expected a date and time, as 2026-11-20T00:00:00Z",
    )
    .optional()
    .describe(describe);

export const from = moment("Since then, ISO 8601; absent, 30 days before `to`");
export const to = moment("Until then, ISO 8601; absent, now");

export interface Period {
  /** Milliseconds since 1970, both ends included. */
  from: number;
  to: number;
}

/** The period that is asked for. Errors: VALIDATION_ERROR when it ends before it begins or is too long. */
export function periodOf(
  input: { from?: string | undefined; to?: string | undefined },
  now: Date,
  days = 30,
): Period {
  const end = input.to === undefined ? now.getTime() : Date.parse(input.to);
  const start = input.from === undefined ? end - days * MS_A_DAY : Date.parse(input.from);
  if (start > end) throw new ToolError("VALIDATION_ERROR", "`from` is later than `to`: swap them.");
  if (end - start > MAX_DAYS * MS_A_DAY)
    throw new ToolError("VALIDATION_ERROR", `Ask for at most ${MAX_DAYS} days at once.`);
  return { from: start, to: end };
}

export const isoPeriod = ({ from, to }: Period) => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

/** Whole days between a moment and now; null for no moment. */
export const daysSince = (moment: string | null | undefined, now: Date): number | null =>
  moment == null ? null : Math.floor((now.getTime() - Date.parse(moment)) / MS_A_DAY);
