import { type OpenMeteoAnswer, parseAnswers, type Value } from "../open-meteo/answer.ts";
import { instantOf } from "../open-meteo/frame.ts";
import { currentTtl } from "../open-meteo/freshness.ts";
import type { Place } from "../places/place.ts";
import { localTime } from "../time/zone.ts";
import { convert } from "../units/convert.ts";
import type { UnitSystem } from "../units/systems.ts";
import { compass } from "../units/words.ts";
import { weightOf } from "../upstream/weight.ts";
import { weatherWord } from "../variables/catalog.ts";
import type { Asking } from "./ask.ts";

const VARIABLES = [
  "temperature_2m",
  "apparent_temperature",
  "relative_humidity_2m",
  "precipitation",
  "snowfall",
  "weather_code",
  "cloud_cover",
  "pressure_msl",
  "wind_speed_10m",
  "wind_direction_10m",
  "wind_gusts_10m",
  "is_day",
] as const;
/** Told in words instead. */
const IN_WORDS = new Set(["weather_code", "is_day"]);

export interface CurrentWeather {
  time: string;
  age_minutes: number;
  /** Absent where the model does not tell. */
  weather?: string;
  values: { variable: string; unit: string; value: number | null }[];
}

/** What the model says of now at each place: one request for all of them. */
export async function askCurrent(
  places: readonly Place[],
  { source, signal, now }: Asking,
): Promise<{ answers: OpenMeteoAnswer[]; recordedAt: string | undefined }> {
  const { body, recordedAt } = await source.ask("forecast", {
    query: {
      latitude: places.map(({ latitude }) => latitude),
      longitude: places.map(({ longitude }) => longitude),
      current: VARIABLES,
      timezone: "auto",
    },
    weight: weightOf({ places: places.length, variables: VARIABLES.length, days: 1 }),
    ttlMs: (given) => currentTtl(parseAnswers(given), now),
    signal,
  });
  return { answers: parseAnswers(body), recordedAt };
}

const numberOf = (value: Value | undefined): number | null =>
  typeof value === "number" ? value : null;

/** The present values of one answer; undefined when it has none. */
export function showCurrent(
  answer: OpenMeteoAnswer,
  now: Date,
  system: UnitSystem,
): CurrentWeather | undefined {
  const { current, current_units: units, timezone, utc_offset_seconds: offset } = answer;
  if (!current) return undefined;
  const instant = instantOf(current.time, offset);
  const values = VARIABLES.filter((name) => !IN_WORDS.has(name)).map((variable) => {
    const value = numberOf(current[variable]);
    const shown = convert(variable, { unit: units[variable] ?? "", values: [value] }, system);
    return { variable, unit: shown.unit, value: shown.values[0] ?? null };
  });
  const direction = numberOf(current.wind_direction_10m);
  return {
    time: localTime(timezone, instant),
    age_minutes: Math.max(0, Math.round((now.getTime() - instant) / 60_000)),
    ...inWords(current.weather_code, direction, numberOf(current.is_day)),
    values,
  };
}

function inWords(code: Value | undefined, direction: number | null, day: number | null) {
  const word = weatherWord(code);
  if (word === undefined) return {};
  const light = day === null ? "" : day === 0 ? ", night" : ", day";
  const wind = direction === null ? "" : `, wind from ${compass(direction)}`;
  return { weather: `${word}${light}${wind}` };
}
