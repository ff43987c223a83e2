import * as z from "zod";
import { asks, defineTool } from "../define-tool.ts";
import { parseCoordinates } from "../places/coordinates.ts";
import { MAX_PLACE_TEXT } from "../places/place.ts";
import { showCandidate } from "../places/resolve.ts";
import { searchPlaces } from "../places/search.ts";
import { sourceLine, sourceOutput } from "../series/output.ts";

export const MAX_PLACES_FOUND = 50;
const USUAL_LIMIT = 10;

export const findPlace = defineTool({
  name: "find_place",
  title: "Find a place",
  description: "Find places by name in any script, with ids for the other tools.",
  inputSchema: z.object({
    query: z.string().trim().min(1).max(MAX_PLACE_TEXT).describe("Name, or name and region"),
    country: z
      .string()
      .regex(/^[A-Za-z]{2}$/)
      .max(2)
      .optional()
      .describe("ISO 3166 code"),
    language: z
      .string()
      .regex(/^[a-z]{2}$/)
      .max(2)
      .optional()
      .describe("Of the names shown"),
    limit: z.int().min(1).max(MAX_PLACES_FOUND).default(USUAL_LIMIT).describe("Places shown"),
  }),
  outputSchema: z.object({
    places: z
      .array(
        z.looseObject({
          place: z.string().describe("Give this to other tools"),
          name: z.string().describe("Name, division, country"),
        }),
      )
      .describe("Most people first"),
    total: z.int().min(0).describe("Found"),
    source: sourceOutput,
  }),
  annotations: asks,
  async handler({ query, country, language, limit }, context) {
    const { geocoder } = await context.services.get("sources");
    const bare = parseCoordinates(query);
    const options = { geocoder, country, language, signal: context.signal };
    const { places, recordedAt } = bare
      ? { places: [bare], recordedAt: undefined }
      : await searchPlaces(query, options);
    return {
      places: places.slice(0, limit).map(showCandidate),
      total: places.length,
      source: sourceLine(["open-meteo"], "Gazetteer: GeoNames", recordedAt),
    };
  },
});
