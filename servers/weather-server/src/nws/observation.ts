import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import type { Place } from "../places/place.ts";
import { localTime } from "../time/zone.ts";
import { convert, round } from "../units/convert.ts";
import type { UnitSystem } from "../units/systems.ts";
import { expectShape } from "../upstream/shape.ts";
import type { Nws } from "./client.ts";
import { asNotCovered } from "./coverage.ts";

/** A station reports at least hourly; a report this old is not what the weather is now. */
export const STALE_MINUTES = 90;
/** Stations that are asked in turn until one has a report that is not stale. */
const MAX_STATIONS = 3;
/** Where a grid lies changes with a new release of the host. */
const POINT_TTL_MS = 86_400_000;

const point = z.object({
  properties: z.object({ observationStations: z.string(), timeZone: z.string() }),
});
const stations = z.object({
  features: z.array(
    z.object({ properties: z.object({ stationIdentifier: z.string(), name: z.string() }) }),
  ),
});
const quantity = z
  .object({ unitCode: z.string().optional(), value: z.number().nullish() })
  .optional();
const latest = z.object({
  properties: z.object({
    timestamp: z.iso.datetime({ offset: true }).optional(),
    textDescription: z.string().nullish(),
    temperature: quantity,
    dewpoint: quantity,
    windSpeed: quantity,
    windDirection: quantity,
    windGust: quantity,
    seaLevelPressure: quantity,
    visibility: quantity,
    relativeHumidity: quantity,
  }),
});

/** Their names here, and how the host's unit becomes one that `convert` knows. */
const MEASURED = {
  temperature: "temperature",
  dewpoint: "dew_point",
  relativeHumidity: "relative_humidity",
  windSpeed: "wind_speed",
  windDirection: "wind_direction",
  windGust: "wind_gusts",
  seaLevelPressure: "pressure_msl",
  visibility: "visibility",
} as const;

const UNITS: Readonly<Record<string, readonly [unit: string, factor: number]>> = {
  degC: ["°C", 1],
  "km_h-1": ["km/h", 1],
  "m_s-1": ["m/s", 1],
  Pa: ["hPa", 0.01],
  hPa: ["hPa", 1],
  m: ["m", 1],
  percent: ["%", 1],
  "degree_(angle)": ["°", 1],
};

export interface Observation {
  station: string;
  name: string;
  time: string;
  age_minutes: number;
  stale: boolean;
  description: string | null;
  values: { variable: string; unit: string; value: number | null }[];
}

type Latest = z.output<typeof latest>["properties"];

function valuesOf(properties: Latest, system: UnitSystem): Observation["values"] {
  return Object.entries(MEASURED).flatMap(([key, variable]) => {
    const given = properties[key as keyof typeof MEASURED];
    const known = UNITS[given?.unitCode?.replace(/^(wmoU|u)nit:/, "") ?? ""];
    if (!given || !known) return [];
    const [unit, factor] = known;
    const { value } = given;
    const number = typeof value === "number" ? round(value * factor, 1) : null;
    const shown = convert(variable, { unit, values: [number] }, system);
    return [{ variable, unit: shown.unit, value: shown.values[0] ?? null }];
  });
}

export interface ObservationOptions {
  nws: Nws;
  signal: AbortSignal;
  now: Date;
  system: UnitSystem;
}

/** What a station reported last; undefined for one that reports nothing. */
async function latestReport(
  station: string,
  { nws, signal }: Pick<ObservationOptions, "nws" | "signal">,
): Promise<Latest | undefined> {
  try {
    const { body } = await nws.ask(`/stations/${station}/observations/latest`, {}, { signal });
    return expectShape(latest, body, "NWS").properties;
  } catch (error) {
    if (error instanceof ToolError && error.code === "NOT_FOUND") return undefined;
    throw error;
  }
}

function observe(
  { stationIdentifier, name }: { stationIdentifier: string; name: string },
  report: Latest,
  { zone, now, system }: { zone: string; now: Date; system: UnitSystem },
): Observation | undefined {
  if (report.timestamp === undefined) return undefined;
  const instant = Date.parse(report.timestamp);
  const age = Math.max(0, Math.round((now.getTime() - instant) / 60_000));
  return {
    station: stationIdentifier,
    name,
    time: localTime(zone, instant),
    age_minutes: age,
    stale: age > STALE_MINUTES,
    description: report.textDescription ?? null,
    values: valuesOf(report, system),
  };
}

/**
 * The latest report of the nearest station that has a fresh one; else the freshest of those asked,
 * marked stale; undefined when none reports. Errors: NOT_FOUND outside the United States.
 */
export async function nearestObservation(
  place: Place,
  { nws, signal, now, system }: ObservationOptions,
): Promise<Observation | undefined> {
  // the host refuses more than four decimals
  const [latitude, longitude] = [place.latitude, place.longitude].map((one) =>
    Number(one.toFixed(4)),
  );
  const where = `/points/${latitude},${longitude}`;
  const at = await nws.ask(where, {}, { signal, ttlMs: POINT_TTL_MS }).catch((error: unknown) => {
    throw asNotCovered(error, place);
  });
  const { observationStations, timeZone } = expectShape(point, at.body, "NWS").properties;
  const list = new URL(observationStations).pathname;
  const { body } = await nws.ask(list, {}, { signal, ttlMs: POINT_TTL_MS });
  const near = expectShape(stations, body, "NWS").features.slice(0, MAX_STATIONS);
  let best: Observation | undefined;
  for (const { properties: station } of near) {
    const report = await latestReport(station.stationIdentifier, { nws, signal });
    const seen = report && observe(station, report, { zone: timeZone, now, system });
    if (seen && (!best || seen.age_minutes < best.age_minutes)) best = seen;
    if (best && !best.stale) break;
  }
  return best;
}
