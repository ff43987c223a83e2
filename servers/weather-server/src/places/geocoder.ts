import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import type { OpenMeteo } from "../open-meteo/client.ts";
import { expectShape } from "../upstream/shape.ts";
import type { Place } from "./place.ts";

/** As many as the interface gives: what is wanted may be far down its own order. */
const COUNT = 100;
/** Names change rarely, milliseconds. */
const TTL_MS = 7 * 86_400_000;
/** Characters of a name that are kept. */
const MAX_NAME = 120;
/** The interface answers shorter names with nothing. */
export const MIN_NAME = 2;

const hit = z.object({
  id: z.int(),
  name: z.string(),
  latitude: z.number(),
  longitude: z.number(),
  timezone: z.string().optional(),
  country: z.string().optional(),
  country_code: z.string().optional(),
  population: z.number().optional(),
  admin1: z.string().optional(),
  admin2: z.string().optional(),
  admin3: z.string().optional(),
  admin4: z.string().optional(),
});
const found = z.object({ results: z.array(hit).optional() });

/** Names come from anyone who edits the gazetteer: no control characters, line ends or endless texts. */
const clean = (text: string) =>
  text
    .replaceAll(/[\p{C}\s]+/gu, " ")
    .trim()
    .slice(0, MAX_NAME);

function toPlace(answer: z.output<typeof hit>): Place {
  const { id, name, latitude, longitude, timezone, country, population } = answer;
  const divisions = [answer.admin1, answer.admin2, answer.admin3, answer.admin4].flatMap((part) =>
    part === undefined ? [] : [clean(part)],
  );
  return {
    id,
    name: clean(name),
    latitude,
    longitude,
    divisions,
    ...(answer.admin1 !== undefined && { region: clean(answer.admin1) }),
    ...(country !== undefined && { country: clean(country) }),
    ...(answer.country_code !== undefined && { countryCode: answer.country_code.toUpperCase() }),
    ...(timezone !== undefined && { timezone }),
    ...(population !== undefined && { population }),
  };
}

export interface Found {
  places: Place[];
  /** When it was recorded, of a replay. */
  recordedAt: string | undefined;
}

export interface Geocoder {
  /** Places of that name or near it, in the interface's order; none is an empty list. */
  search(name: string, language: string, signal: AbortSignal): Promise<Found>;
  /** Errors: NOT_FOUND. */
  byId(id: number, signal: AbortSignal): Promise<Place>;
}

export function createGeocoder(source: OpenMeteo): Geocoder {
  const ttlMs = () => TTL_MS;
  return {
    async search(name, language, signal) {
      const query = { name, count: COUNT, language, format: "json" };
      const question = { query, weight: 1, ttlMs, signal };
      const { body, recordedAt } = await source.ask("geocoding-search", question);
      const { results = [] } = expectShape(found, body, "Open-Meteo");
      return { places: results.map(toPlace), recordedAt };
    },
    async byId(id, signal) {
      try {
        const { body } = await source.ask("geocoding-get", {
          query: { id },
          weight: 1,
          ttlMs,
          signal,
        });
        return toPlace(expectShape(hit, body, "Open-Meteo"));
      } catch (error) {
        throw error instanceof ToolError && error.message.includes("Location ID not found")
          ? new ToolError("NOT_FOUND", `No place has the id ${id}. Look for it with find_place.`, {
              details: { reason: "unknown_id" },
            })
          : error;
      }
    },
  };
}
