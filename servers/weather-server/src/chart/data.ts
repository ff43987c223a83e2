import type { Spread } from "../series/confidence.ts";
import type { SeriesOutput } from "../series/output.ts";

export type Numbers = readonly (number | null)[];

/** One panel's values, in the units that are shown. */
export interface Plotted {
  name: string;
  unit: string;
  /** The line, or the upper end of the bars. */
  main: Numbers;
  /** The lower end of the bars. */
  low?: Numbers;
  /** Behind them: how far models are apart, or what is normal. */
  spread?: { low: Numbers; high: Numbers; words: string };
}

export interface ChartData {
  title: string;
  source: string;
  times: readonly string[];
  /** WMO codes. */
  codes: Numbers | undefined;
  /** 1 by day, 0 by night. */
  daylight: Numbers | undefined;
  /** Where the wind comes from, degrees. */
  directions: Numbers | undefined;
  temperature: Plotted | undefined;
  precipitation: Plotted | undefined;
  wind: Plotted | undefined;
}

/** What a chart is drawn from. */
export interface ChartTable {
  place: string;
  times: readonly string[];
  series: readonly SeriesOutput[];
  confidence?: readonly Spread[];
  source: string;
}

type Choice = readonly [name: string, main: string, low?: string];

/** By panel, the first choice that is there is drawn. */
const TEMPERATURE: readonly Choice[] = [
  ["Temperature", "temperature_2m_max", "temperature_2m_min"],
  ["Feels like", "apparent_temperature_max", "apparent_temperature_min"],
  ["Temperature", "temperature_2m"],
  ["Feels like", "apparent_temperature"],
  ["Highest temperature", "temperature_2m_max"],
  ["Lowest temperature", "temperature_2m_min"],
  ["Mean temperature", "temperature_2m_mean"],
];
const PRECIPITATION: readonly Choice[] = [
  ["Precipitation", "precipitation_sum"],
  ["Precipitation", "precipitation"],
  ["Rain", "rain_sum"],
  ["Rain", "rain"],
  ["Snowfall", "snowfall_sum"],
  ["Snowfall", "snowfall"],
];
const WIND: readonly Choice[] = [
  ["Strongest wind", "wind_speed_10m_max"],
  ["Wind", "wind_speed_10m"],
  ["Strongest gusts", "wind_gusts_10m_max"],
  ["Gusts", "wind_gusts_10m"],
];

const numbers = (values: SeriesOutput["values"]): Numbers =>
  values.map((value) => (typeof value === "number" ? value : null));

/** The spread of models where there is one, else the band of what is normal. */
function spreadOf(
  { series, confidence = [] }: ChartTable,
  main: string,
  low: string | undefined,
): Plotted["spread"] {
  const spread = (name: string) => confidence.find(({ variable }) => variable === name);
  const [above, below] = [spread(main), spread(low ?? main)];
  if (above && below) return { low: below.low, high: above.high, words: above.range };
  const normal = (name: string) => series.find(({ variable }) => variable === `${name}_normal`);
  const [high, least] = [normal(main), low === undefined ? undefined : normal(low)];
  if (!high || !least) return undefined;
  return { low: numbers(least.values), high: numbers(high.values), words: "normal of 1991-2020" };
}

function pick(table: ChartTable, choices: readonly Choice[]): Plotted | undefined {
  const find = (name: string) => table.series.find(({ variable }) => variable === name);
  for (const [name, main, low] of choices) {
    const [line, edge] = [find(main), low === undefined ? undefined : find(low)];
    if (!line || (low !== undefined && !edge)) continue;
    const spread = spreadOf(table, main, low);
    return {
      name,
      unit: line.unit,
      main: numbers(line.values),
      ...(edge && { low: numbers(edge.values) }),
      ...(spread && { spread }),
    };
  }
  return undefined;
}

/** What of a table can be drawn; undefined when nothing can. */
export function chartData(table: ChartTable): ChartData | undefined {
  const { place: title, times, series, source } = table;
  const temperature = pick(table, TEMPERATURE);
  const precipitation = pick(table, PRECIPITATION);
  const wind = pick(table, WIND);
  if (times.length === 0 || !(temperature || precipitation || wind)) return undefined;
  const column = (...names: string[]) => {
    const found = series.find(({ variable }) => names.includes(variable));
    const values = numbers(found?.values ?? []);
    return values.some((value) => value !== null) ? values : undefined;
  };
  return {
    title,
    source,
    times,
    codes: column("weather_code"),
    daylight: column("is_day"),
    directions: column("wind_direction_10m", "wind_direction_10m_dominant"),
    temperature,
    precipitation,
    wind,
  };
}
