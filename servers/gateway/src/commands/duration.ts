import { StartError } from "#shared/core/lifecycle.ts";

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time that is so far ahead, such as 90d, 12h or 30m, or a date. Throws a StartError. */
export function timeFrom(text: string, now: Date): Date {
  const [, count, unit = ""] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (count !== undefined) return new Date(now.getTime() + Number(count) * (UNITS[unit] ?? 0));
  const time = Date.parse(text);
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(time)) return new Date(time);
  throw new StartError(`"${text}" is no time: write 90d, 12h or 30m, or a date such as 2027-01-31`);
}
