import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import { offsetMinutes } from "./zone.ts";

export const DAY_MS = 86_400_000;

/** The form of a date, "2026-03-29". Not z.iso.date(): its pattern takes 400 bytes of every list of tools. */
export const dateSchema = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/, "expected a date such as 2026-03-29")
  .max(10);

const isDate = (text: string) => z.iso.date().safeParse(text).success;

export const dayNumber = (date: string): number =>
  Math.floor(Date.parse(`${date}T00:00Z`) / DAY_MS);
const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
export const addDays = (date: string, days: number): string => dateOf(dayNumber(date) + days);

/** Days from `start` to `end`, both counted. */
export const countDays = (start: string, end: string): number =>
  dayNumber(end) - dayNumber(start) + 1;

/** A run of days in which one offset from UTC holds. */
export interface Stretch {
  start: string;
  end: string;
  offsetMinutes: number;
}

/** The offset at noon of a day: a change of the clocks is always at night. */
const offsetOn = (zone: string, date: string) =>
  offsetMinutes(
    zone,
    Date.parse(`${date}T12:00Z`) - offsetMinutes(zone, Date.parse(`${date}T12:00Z`)) * 60_000,
  );

/** The days from `start` to `end`, parted where the clocks change. */
export function stretches(zone: string, start: string, end: string): Stretch[] {
  const found: Stretch[] = [];
  for (let day = dayNumber(start); day <= dayNumber(end); day += 1) {
    const date = dateOf(day);
    const offset = offsetOn(zone, date);
    const last = found.at(-1);
    if (last && last.offsetMinutes === offset) last.end = date;
    else found.push({ start: date, end: date, offsetMinutes: offset });
  }
  return found;
}

/** Throws VALIDATION_ERROR unless `start` to `end` are 1 to `maxDays` days within the bounds. */
export function checkRange(
  { start, end }: { start: string; end: string },
  bounds: { first: string; last: string; maxDays: number; hint: string },
): number {
  const refuse = (message: string, reason: string): never => {
    throw new ToolError("VALIDATION_ERROR", message, { details: { reason, ...bounds } });
  };
  for (const date of [start, end])
    if (!isDate(date)) refuse(`${date} is no date of the calendar.`, "no_date");
  if (end < start)
    refuse(`end (${end}) is before start (${start}). Swap them.`, "end_before_start");
  if (start < bounds.first || end > bounds.last)
    refuse(
      `There is data from ${bounds.first} to ${bounds.last}; ${start} to ${end} is not within. ${bounds.hint}`,
      "out_of_range",
    );
  const days = countDays(start, end);
  if (days > bounds.maxDays)
    refuse(
      `${start} to ${end} are ${days} days; one call takes at most ${bounds.maxDays}. Ask for less at a time.`,
      "too_many_days",
    );
  return days;
}
