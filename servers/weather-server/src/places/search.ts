import { liesIn } from "./divisions.ts";
import { type Geocoder, MIN_NAME } from "./geocoder.ts";
import type { Place } from "./place.ts";
import { languageOf, normalize, sameName } from "./spelling.ts";

/** Words at the end that may name where the place lies: "Paris Texas", "Durham North Carolina". */
const MAX_TRAILING_WORDS = 3;
/** Two entries of one name this near each other, in degrees, are one place for the weather. */
const SAME_PLACE_DEGREES = 0.2;

export interface Reading {
  name: string;
  within: readonly string[];
}

/** The ways to read some words, the likeliest first: a comma says where the name ends. */
export function readings(text: string): Reading[] {
  const [name = "", ...within] = text.split(/[,，、;]/).map((part) => part.trim());
  if (within.length > 0) return [{ name, within: within.filter((part) => part !== "") }];
  const words = text.trim().split(/\s+/);
  const most = Math.min(MAX_TRAILING_WORDS, words.length - 1);
  return Array.from({ length: most + 1 }, (_, trailing) => ({
    name: words.slice(0, words.length - trailing).join(" "),
    within: trailing === 0 ? [] : [words.slice(-trailing).join(" ")],
  }));
}

const near = (a: Place, b: Place): boolean =>
  normalize(a.name) === normalize(b.name) &&
  a.countryCode === b.countryCode &&
  Math.abs(a.latitude - b.latitude) < SAME_PLACE_DEGREES &&
  Math.abs(a.longitude - b.longitude) < SAME_PLACE_DEGREES;

/** The most people first; a town and its municipality are one. */
function distinct(places: readonly Place[]): Place[] {
  const kept: Place[] = [];
  const byPeople = [...places].sort((a, b) => (b.population ?? 0) - (a.population ?? 0));
  for (const place of byPeople) if (!kept.some((other) => near(place, other))) kept.push(place);
  return kept;
}

export interface SearchOptions {
  geocoder: Geocoder;
  signal: AbortSignal;
  language?: string | undefined;
  /** ISO 3166 code; the interface itself would apply it after its cut, so it is applied here. */
  country?: string | undefined;
}

export interface Hits {
  places: Place[];
  /** When the answers were recorded, of a replay. */
  recordedAt: string | undefined;
}

/** Places that the words may mean: those of exactly this name, else whatever is near it. */
export async function searchPlaces(text: string, options: SearchOptions): Promise<Hits> {
  const { geocoder, signal, country } = options;
  const language = options.language ?? languageOf(text);
  const inCountry = (place: Place) =>
    country === undefined || place.countryCode === country.toUpperCase();
  let loose: Place[] = [];
  let recordedAt: string | undefined;
  for (const { name, within } of readings(text)) {
    if (normalize(name).length < MIN_NAME) continue;
    const answer = await geocoder.search(name, language, signal);
    recordedAt = answer.recordedAt;
    const found = answer.places.filter(
      (place) => inCountry(place) && within.every((words) => liesIn(place, words)),
    );
    const exact = found.filter((place) => sameName(place.name, name));
    if (exact.length > 0) return { places: distinct(exact), recordedAt };
    if (loose.length === 0) loose = found;
  }
  return { places: distinct(loose), recordedAt };
}
