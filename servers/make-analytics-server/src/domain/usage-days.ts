import type { UsageDay } from "#shared/make-api/usage.ts";
import { creditsOf } from "./credits.ts";

/** What was used on one day; Make's days are those of the organisation's time zone. */
export interface Day {
  /** YYYY-MM-DD */
  date: string;
  operations: number;
  /** Null for accounts that count operations only. */
  credits: number | null;
}

/** Oldest first. */
export const daysOf = (rows: readonly UsageDay[]): Day[] =>
  rows
    .map(({ date, operations, centicredits }) => ({
      date,
      operations,
      credits: creditsOf(centicredits),
    }))
    .sort((a, b) => (a.date < b.date ? -1 : 1));

/** Credits where all days have them, else operations: the two are never added up. */
export function unitOf(days: readonly Day[]): "credits" | "operations" {
  return days.every(({ credits }) => credits !== null) ? "credits" : "operations";
}

export const amountOf = (day: Day, unit: "credits" | "operations"): number =>
  (unit === "credits" ? day.credits : day.operations) ?? 0;

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** 0 is Sunday. */
export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay();
export const weekdayName = (weekday: number): string => WEEKDAYS[weekday] ?? "";
export const dateOf = (moment: number): string => new Date(moment).toISOString().slice(0, 10);
