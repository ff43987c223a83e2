import type { WeatherContext } from "./asking.ts";
import { labelOf } from "./place.ts";
import { languageOf, normalize } from "./spelling.ts";

/** Shorter beginnings are found by their exact name only, so that nothing is asked for them. */
const MIN_LETTERS = 3;

/** Places that are called as the text begins, in words that every tool understands. */
export async function completePlace(text: string, context: WeatherContext): Promise<string[]> {
  const name = text.split(",")[0]?.trim() ?? "";
  if (normalize(name).length < MIN_LETTERS) return [];
  const { geocoder } = await context.services.get("sources");
  const { places } = await geocoder.search(name, languageOf(name), context.signal);
  return [...new Set(places.map(labelOf))];
}
