import type { Context } from "#shared/core/context.ts";
import type { WeatherConfig } from "../config.ts";
import type { Asking } from "../series/ask.ts";
import type { WeatherServices } from "../services.ts";
import type { UnitSystem } from "../units/systems.ts";
import type { Place } from "./place.ts";
import { resolveOrAsk } from "./resolve.ts";

export type WeatherContext = Context<WeatherConfig, WeatherServices>;

/** The place of a call and what asking about it takes. */
export async function aboutPlace(
  text: string,
  context: WeatherContext,
): Promise<{ place: Place; asking: Asking }> {
  const { openMeteo, geocoder, now } = await context.services.get("sources");
  const { signal, client } = context;
  // `ask` is looked up when it is needed: most places are not ambiguous
  const asker: Parameters<typeof resolveOrAsk>[2] = {
    ask: (...given) => context.ask(...given),
    client,
  };
  const place = await resolveOrAsk(text, { geocoder, signal }, asker);
  return { place, asking: { source: openMeteo, signal, now: now() } };
}

export const systemOf = (units: UnitSystem | undefined, { config }: WeatherContext): UnitSystem =>
  units ?? config.WEATHER_UNITS;
