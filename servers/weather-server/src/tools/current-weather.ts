import * as z from "zod";
import { type ErrorCode, ToolError } from "#shared/core/errors.ts";
import { batch } from "#shared/data/batch.ts";
import { asks, defineTool } from "../define-tool.ts";
import { requireCovered } from "../nws/coverage.ts";
import { nearestObservation } from "../nws/observation.ts";
import { aboutPlace, systemOf, type WeatherContext } from "../places/asking.ts";
import { type Place, placeInput, showPlace } from "../places/place.ts";
import { resolvePlace } from "../places/resolve.ts";
import { askCurrent, showCurrent } from "../series/current.ts";
import { notesOutput, sourceLine, sourceOutput } from "../series/output.ts";
import type { UnitSystem } from "../units/systems.ts";
import { unitsInput } from "./fields.ts";

export const MAX_PLACES = 50;
/** Stations are asked one by one, so that few places can have theirs. */
export const MAX_OBSERVED = 5;

const outputSchema = z.object({
  results: z
    .array(z.looseObject({ query: z.string().describe("As asked") }))
    .describe("place, time, weather, values with units, or error"),
  notes: notesOutput,
  source: sourceOutput,
});

export const currentWeather = defineTool({
  name: "current_weather",
  title: "Current weather",
  description: "Weather now at up to 50 places in one call.",
  inputSchema: z.object({
    places: z.array(placeInput).min(1).max(MAX_PLACES).describe("Places"),
    observed: z.boolean().default(false).describe("Also the nearest US station, up to 5 places"),
    units: unitsInput,
  }),
  outputSchema,
  annotations: asks,
  async handler({ places: texts, observed, units }, context) {
    if (observed && texts.length > MAX_OBSERVED)
      throw new ToolError(
        "VALIDATION_ERROR",
        `Observations are given for at most ${MAX_OBSERVED} places at a time, not ${texts.length}.`,
        { details: { reason: "too_many_observed" } },
      );
    const { openMeteo, now: clock } = await context.services.get("sources");
    const asked = await resolveAll(texts, context);
    const known = asked.flatMap((one) => (one.place ? [one.place] : []));
    const now = clock();
    const asking = { source: openMeteo, signal: context.signal, now };
    const { answers, recordedAt } =
      known.length > 0 ? await askCurrent(known, asking) : { answers: [], recordedAt: undefined };
    const system = systemOf(units, context);
    const waiting = [...answers];
    const results = [];
    for (const { query, place, error } of asked) {
      if (!place) {
        results.push({ query, ...(error && { error }) });
        continue;
      }
      const answer = waiting.shift();
      const current = answer && showCurrent(answer, now, system);
      results.push({
        query,
        place: showPlace(place, answer?.timezone ?? "UTC"),
        ...(current ?? { error: NOTHING }),
        ...(observed && (await observationOf(place, system, context))),
      });
    }
    return {
      results,
      notes: observed ? ["An observation is measured; all other values are of a model."] : [],
      source: sourceLine(
        observed ? ["open-meteo", "nws"] : ["open-meteo"],
        "Model analysis of now, no measurement",
        recordedAt,
      ),
    };
  },
});

const NOTHING = {
  code: "NOT_FOUND" as const,
  message: "The model has nothing for this place. Try one nearby.",
};

interface Asked {
  query: string;
  place?: Place;
  error?: { code: ErrorCode; message: string };
}

/** One place may be asked about; of many, each that is not clear says so for itself. */
async function resolveAll(texts: readonly string[], context: WeatherContext): Promise<Asked[]> {
  const [only] = texts;
  if (texts.length === 1 && only !== undefined)
    return [{ query: only, place: (await aboutPlace(only, context)).place }];
  const { geocoder } = await context.services.get("sources");
  const options = { geocoder, signal: context.signal };
  const resolved = await batch(texts, (text) => resolvePlace(text, options), {
    signal: context.signal,
  });
  return resolved.map((one, index) => {
    const query = texts[index] ?? "";
    if (one.ok) return { query, place: one.value };
    const { code, message, details } = one.error;
    return { query, error: { code, message, ...details } };
  });
}

/** The report of a station, or why there is none: the model's values are there all the same. */
async function observationOf(
  place: Place,
  system: UnitSystem,
  context: WeatherContext,
): Promise<{ observation: Record<string, unknown> }> {
  const { nws, now } = await context.services.get("sources");
  try {
    requireCovered(place);
    const { signal } = context;
    const seen = await nearestObservation(place, { nws, signal, now: now(), system });
    return { observation: { ...(seen ?? { error: "No station nearby reports at the moment." }) } };
  } catch (error) {
    if (!(error instanceof ToolError) || error.code === "CANCELLED") throw error;
    return { observation: { error: error.message } };
  }
}
