import type { SeriesOutput } from "../series/output.ts";

export type Numbers = readonly (number | null)[];

/** One panel's values, in the units that are shown. */
export interface Plotted {
  unit: string;
  /** The line, or the upper edge of the band. */
  main: Numbers;
  /** The lower edge of the band. */
  low?: Numbers;
}

export interface ChartData {
  title: string;
  source: string;
  times: readonly string[];
  temperature: Plotted | undefined;
  precipitation: Plotted | undefined;
  wind: Plotted | undefined;
}

/** By panel, the first pair or variable that is there is drawn: [line or upper edge, lower edge]. */
const TEMPERATURE = [
  ["temperature_2m_max", "temperature_2m_min"],
  ["apparent_temperature_max", "apparent_temperature_min"],
  ["temperature_2m"],
  ["apparent_temperature"],
  ["temperature_2m_max"],
  ["temperature_2m_min"],
  ["temperature_2m_mean"],
] as const;
const PRECIPITATION = [
  ["precipitation_sum"],
  ["precipitation"],
  ["rain_sum"],
  ["snowfall_sum"],
  ["snowfall"],
] as const;
const WIND = [
  ["wind_speed_10m_max"],
  ["wind_speed_10m"],
  ["wind_gusts_10m_max"],
  ["wind_gusts_10m"],
] as const;

const numbers = ({ values }: SeriesOutput): Numbers =>
  values.map((value) => (typeof value === "number" ? value : null));

function pick(
  series: readonly SeriesOutput[],
  choices: readonly (readonly [string, string?])[],
): Plotted | undefined {
  const named = (name: string | undefined) => series.find(({ variable }) => variable === name);
  for (const [main, low] of choices) {
    const [line, edge] = [named(main), named(low)];
    if (!line || (low !== undefined && !edge)) continue;
    return { unit: line.unit, main: numbers(line), ...(edge && { low: numbers(edge) }) };
  }
  return undefined;
}

/** What of a table can be drawn; undefined when nothing can. */
export function chartData(table: {
  place: string;
  times: readonly string[];
  series: readonly SeriesOutput[];
  source: string;
}): ChartData | undefined {
  const { place: title, times, series, source } = table;
  const temperature = pick(series, TEMPERATURE);
  const precipitation = pick(series, PRECIPITATION);
  const wind = pick(series, WIND);
  if (times.length === 0 || !(temperature || precipitation || wind)) return undefined;
  return { title, source, times, temperature, precipitation, wind };
}
