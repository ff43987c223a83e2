import { ToolError } from "#shared/core/errors.ts";
import { batch } from "#shared/data/batch.ts";
import type { Column, Frame } from "../open-meteo/frame.ts";
import type { Place } from "../places/place.ts";
import { addDays } from "../time/dates.ts";
import { round } from "../units/convert.ts";
import { type Asking, askSeries } from "./ask.ts";

/** The reference period of the WMO: Guidelines on the Calculation of Climate Normals (WMO-No. 1203). */
export const NORMAL_YEARS = { first: 1991, last: 2020 } as const;
/** Days on either side that count too, so that one wet day of thirty does not make a normal. */
export const NORMAL_WINDOW_DAYS = 7;
/** The longest stretch that is compared, days: every year of the period is asked for it. */
export const MAX_NORMAL_DAYS = 31;
const TTL_MS = 30 * 86_400_000;
/** What has a normal: amounts and temperatures, not codes or directions. */
const HAS_NORMAL =
  /^(temperature_2m|apparent_temperature|dew_point_2m)_(max|min|mean)$|^(precipitation|rain|snowfall)_sum$|^sunshine_duration$|^wind_speed_10m_max$/;

export const withNormal = (variables: readonly string[]): string[] =>
  variables.filter((name) => HAS_NORMAL.test(name));

/** The same day of another year; 29 February is 28 February where there is none. */
function inYear(date: string, year: number): string {
  const moved = `${year}${date.slice(4)}`;
  return Number.isNaN(Date.parse(moved)) || new Date(moved).toISOString().slice(0, 10) !== moved
    ? `${year}-02-28`
    : moved;
}

/** Means by day, from the rows of all years that lie within the window around its date. */
function meansFor(dates: readonly string[], frames: readonly Frame[], index: number) {
  const byDate = new Map<string, number>();
  for (const { times, columns } of frames) {
    for (const [row, time] of times.entries()) {
      const value = columns[index]?.values[row];
      if (typeof value === "number") byDate.set(time, value);
    }
  }
  return dates.map((date) => {
    const values: number[] = [];
    for (let year = NORMAL_YEARS.first; year <= NORMAL_YEARS.last; year += 1) {
      for (let away = -NORMAL_WINDOW_DAYS; away <= NORMAL_WINDOW_DAYS; away += 1) {
        const value = byDate.get(addDays(inYear(date, year), away));
        if (value !== undefined) values.push(value);
      }
    }
    if (values.length === 0) return null;
    return round(values.reduce((sum, value) => sum + value, 0) / values.length, 1);
  });
}

export interface NormalsQuestion {
  place: Place;
  variables: readonly string[];
  start: string;
  end: string;
}

/** Columns "..._normal" for the days from start to end. One small request a year, kept for a month. */
export async function askNormals(
  { place, variables, start, end }: NormalsQuestion,
  dates: readonly string[],
  asking: Asking,
): Promise<Column[]> {
  const years = Array.from(
    { length: NORMAL_YEARS.last - NORMAL_YEARS.first + 1 },
    (_, index) => NORMAL_YEARS.first + index,
  );
  const crossing = Number(end.slice(0, 4)) - Number(start.slice(0, 4));
  const askYear = (year: number) => {
    const span = {
      start: addDays(inYear(start, year), -NORMAL_WINDOW_DAYS),
      end: addDays(inYear(end, year + crossing), NORMAL_WINDOW_DAYS),
    };
    // an hour more or less at midnight does not move a mean of years: the plain request does
    const { timezone: _, ...anywhere } = place;
    const question = {
      api: "archive" as const,
      step: "day" as const,
      variables,
      span,
      ttlMs: TTL_MS,
    };
    return askSeries({ ...question, place: { ...anywhere, timezone: "UTC" } }, asking);
  };
  const answers = await batch(years, askYear, { signal: asking.signal });
  const frames = answers.map((answer) => {
    if (answer.ok) return answer.value.frame;
    throw new ToolError(answer.error.code, answer.error.message, { details: answer.error.details });
  });
  return variables.map((variable, index) => ({
    variable: `${variable}_normal`,
    unit: frames[0]?.columns[index]?.unit ?? "",
    values: meansFor(dates, frames, index),
  }));
}

/** Columns "..._anomaly": what was, less what is normal. */
export function anomalies(frame: Frame, normals: readonly Column[]): Column[] {
  return normals.flatMap((normal) => {
    const variable = normal.variable.replace(/_normal$/, "");
    const was = frame.columns.find((column) => column.variable === variable);
    if (!was) return [];
    const values = was.values.map((value, row) => {
      const usual = normal.values[row];
      return typeof value === "number" && typeof usual === "number"
        ? round(value - usual, 1)
        : null;
    });
    return [{ variable: `${variable}_anomaly`, unit: was.unit, values }];
  });
}
