import type { ChartTable } from "../chart/data.ts";
import { compass } from "../units/words.ts";

/** The result of `forecast`. */
export interface Table extends ChartTable {
  codes?: Record<string, string>;
  notes: readonly string[];
}

export const isTable = (value: unknown): value is Table =>
  typeof value === "object" && value !== null && "times" in value && "series" in value;

const NAMES: Readonly<Record<string, string>> = {
  weather_code: "Weather",
  temperature_2m: "Temperature",
  temperature_2m_max: "Highest",
  temperature_2m_min: "Lowest",
  apparent_temperature: "Feels like",
  apparent_temperature_max: "Feels like at most",
  apparent_temperature_min: "Feels like at least",
  precipitation: "Precipitation",
  precipitation_sum: "Precipitation",
  precipitation_hours: "Hours of precipitation",
  precipitation_probability: "Chance of precipitation",
  precipitation_probability_max: "Chance of precipitation",
  snowfall_sum: "Snowfall",
  wind_speed_10m: "Wind",
  wind_speed_10m_max: "Strongest wind",
  wind_gusts_10m: "Gusts",
  wind_gusts_10m_max: "Strongest gusts",
  wind_direction_10m: "Wind from",
  wind_direction_10m_dominant: "Wind from",
  uv_index: "UV index",
  uv_index_max: "UV index",
  relative_humidity_2m: "Humidity",
  pressure_msl: "Pressure",
};

/** What a variable is called: "Cloud cover low" for cloud_cover_low. */
export const nameOf = (variable: string): string =>
  NAMES[variable] ?? `${variable[0]?.toUpperCase()}${variable.slice(1).replaceAll("_", " ")}`;

const day = new Intl.DateTimeFormat("en", {
  weekday: "long",
  day: "numeric",
  month: "long",
  timeZone: "UTC",
});

/** "Wednesday, January 15, 06:00"; with the offset where the clocks change within the table. */
export function timeName({ times }: Table, row: number): string {
  const time = times[row] ?? "";
  const date = day.format(new Date(`${time.slice(0, 10)}T00:00Z`));
  if (time.length === 10) return date;
  const changes = times[0]?.slice(16) !== times.at(-1)?.slice(16);
  return `${date}, ${time.slice(11, 16)}${changes ? ` (UTC${time.slice(16)})` : ""}`;
}

/** A name and a value to show. */
export interface Item {
  name: string;
  value: string;
  /** From the lowest to the highest of several models; empty where they were not asked. */
  spread: string;
}

/** Told by the shade behind the chart instead. */
const HIDDEN = new Set(["is_day"]);
export const MISSING = "no data";

const withUnit = (value: number | string, unit: string) =>
  unit === "" ? `${value}` : `${value}\u00a0${unit}`;

function valueAt(table: Table, { variable, unit, values }: Table["series"][number], row: number) {
  const value = values[row] ?? null;
  if (value === null) return MISSING;
  if (variable === "weather_code") return table.codes?.[String(value)] ?? `code ${value}`;
  if (typeof value === "string") return value.includes("T") ? value.slice(11, 16) : value;
  if (/^wind_direction/.test(variable)) return `${compass(value)} (${value}°)`;
  return withUnit(value, unit);
}

function spreadOf({ confidence = [] }: Table, variable: string, row: number): string {
  const spread = confidence.find((one) => one.variable === variable);
  const [low, high] = [spread?.low[row] ?? null, spread?.high[row] ?? null];
  return low === null || high === null ? "" : `${low} to ${high}`;
}

/** An item in one line. */
export const inLine = ({ value, spread }: Item): string =>
  spread === "" ? value : `${value} (${spread})`;

/** Everything that is known of one row, in the order of the table. */
export const itemsAt = (table: Table, row: number): Item[] =>
  table.series
    .filter(({ variable }) => !HIDDEN.has(variable))
    .map((series) => ({
      name: nameOf(series.variable),
      value: valueAt(table, series, row),
      spread: spreadOf(table, series.variable, row),
    }));
