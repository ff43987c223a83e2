import { addDays, stretches } from "../time/dates.ts";
import { localDate, offsetMinutes } from "../time/zone.ts";
import type { Query } from "../upstream/address.ts";

/** The most that the forecast takes. */
export const MAX_PAST_DAYS = 92;
export const MAX_FORECAST_DAYS = 16;

/** The days that are asked for: around today, or from date to date. */
export type Span = { past: number; days: number } | { start: string; end: string };

/** One request's part of a span, and the rows of its answer that count. */
export interface Piece {
  query: Query;
  start: string;
  end: string;
}

const asQuery = (span: Span): Query =>
  "start" in span
    ? { start_date: span.start, end_date: span.end, timezone: "auto" }
    : { past_days: span.past, forecast_days: span.days, timezone: "auto" };

/** First and last local date of a span. */
export function datesOf(span: Span, zone: string, now: Date): { start: string; end: string } {
  if ("start" in span) return span;
  const today = localDate(zone, now.getTime());
  return { start: addDays(today, -span.past), end: addDays(today, span.days - 1) };
}

export const daysIn = (span: Span, count: (start: string, end: string) => number): number =>
  "start" in span ? count(span.start, span.end) : span.past + span.days;

/** A zone of one fixed offset. The sign of these names is turned around: Etc/GMT-2 is two hours east. */
function fixedZone(minutes: number): string | undefined {
  if (minutes === 0) return "GMT";
  if (minutes % 60 !== 0) return undefined;
  return `Etc/GMT${minutes > 0 ? "-" : "+"}${Math.abs(minutes) / 60}`;
}

/** Hours are instants: a day more on the side where the offset moves them, and only what lies within counts. */
const widened = (span: Span, before: number, after: number): Span =>
  "start" in span
    ? { start: addDays(span.start, -before), end: addDays(span.end, after) }
    : {
        past: Math.min(MAX_PAST_DAYS, span.past + before),
        days: Math.min(MAX_FORECAST_DAYS, span.days + after),
      };

/** The request for a place whose zone is not known yet, or whose clocks stand still. */
export const plainPiece = (span: Span): Query => asQuery(span);

/**
 * How a span must be asked so that its days begin at local midnight; undefined when the plain request
 * does. Open-Meteo counts every day, of whatever date, by the offset from UTC that holds today, so
 * that days beyond a change of the clocks would begin an hour off.
 */
export function piecesFor(
  span: Span,
  { zone, now, daily }: { zone: string; now: Date; daily: boolean },
): Piece[] | undefined {
  const { start, end } = datesOf(span, zone, now);
  // the clocks change at night: hours look at the days on either side too
  const parts = daily
    ? stretches(zone, start, end)
    : stretches(zone, addDays(start, -1), addDays(end, 1));
  const today = offsetMinutes(zone, now.getTime());
  if (parts.every((part) => part.offsetMinutes === today)) return undefined;
  if (!daily) {
    const offsets = parts.map((part) => part.offsetMinutes);
    const before = Math.max(...offsets) > today ? 1 : 0;
    const after = Math.min(...offsets) < today ? 1 : 0;
    return [{ query: asQuery(widened(span, before, after)), start, end }];
  }
  return parts.map((part) => ({
    query: {
      start_date: part.start,
      end_date: part.end,
      timezone: fixedZone(part.offsetMinutes) ?? "auto",
    },
    start: part.start,
    end: part.end,
  }));
}
