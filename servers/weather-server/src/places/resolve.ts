import * as z from "zod";
import { type Ask, askForm } from "#shared/core/ask.ts";
import { ToolError } from "#shared/core/errors.ts";
import { parseCoordinates } from "./coordinates.ts";
import { type Geocoder, MIN_NAME } from "./geocoder.ts";
import { labelOf, type Place, placeId } from "./place.ts";
import { searchPlaces } from "./search.ts";
import { normalize } from "./spelling.ts";

/** Candidates shown of one ambiguous name. */
export const MAX_CANDIDATES = 10;

/** A place to choose: `place` is what to call again with. */
export type Candidate = {
  place: string;
  name: string;
  latitude: number;
  longitude: number;
  population?: number;
};

export const showCandidate = (place: Place): Candidate => ({
  place: place.id === undefined ? `${place.latitude},${place.longitude}` : placeId(place.id),
  name: labelOf(place),
  latitude: place.latitude,
  longitude: place.longitude,
  ...(place.population !== undefined && { population: place.population }),
});

const ID = /^(?:id|geonames):\s*(\d{1,10})$/i;

const notFound = (text: string) =>
  new ToolError(
    "NOT_FOUND",
    `No place is called ${JSON.stringify(text)}. Check the spelling, write the name alone, or give coordinates such as "48.85,2.35".`,
    { details: { reason: "unknown_place", place: text } },
  );

const tooShort = (text: string) =>
  new ToolError(
    "VALIDATION_ERROR",
    `${JSON.stringify(text)} is too short for the name of a place: at least ${MIN_NAME} letters.`,
    { details: { reason: "too_short" } },
  );

function ambiguous(text: string, candidates: readonly Place[]): ToolError {
  const shown = candidates.slice(0, MAX_CANDIDATES).map(showCandidate);
  const list = shown.map(({ place, name }) => `${name} = "${place}"`).join("; ");
  const more = candidates.length > shown.length ? " (the largest of them)" : "";
  return new ToolError(
    "VALIDATION_ERROR",
    `${JSON.stringify(text)} may be any of ${candidates.length} places. Call again with one of these as the place: ${list}${more}.`,
    { details: { reason: "ambiguous_place", place: text, candidates: shown } },
  );
}

export interface ResolveOptions {
  geocoder: Geocoder;
  signal: AbortSignal;
}

type Resolved = Place | { text: string; candidates: Place[] };

async function lookUp(text: string, { geocoder, signal }: ResolveOptions): Promise<Resolved> {
  const coordinates = parseCoordinates(text);
  if (coordinates) return coordinates;
  const id = ID.exec(text)?.[1];
  if (id !== undefined) return geocoder.byId(Number(id), signal);
  if (normalize(text).length < MIN_NAME) throw tooShort(text);
  const { places } = await searchPlaces(text, { geocoder, signal });
  const [first, second] = places;
  if (!first) throw notFound(text);
  // one hit that is called otherwise is another spelling ("München" is listed as Munich) or a guess
  if (!second) return first;
  return { text, candidates: places };
}

/**
 * The one place that the text means. Errors: VALIDATION_ERROR with details.candidates where it may
 * mean several, NOT_FOUND where none has that name.
 */
export async function resolvePlace(text: string, options: ResolveOptions): Promise<Place> {
  const found = await lookUp(text, options);
  if ("candidates" in found) throw ambiguous(found.text, found.candidates);
  return found;
}

const choice = z.object({
  number: z.int().min(1).max(MAX_CANDIDATES).describe("Number of the place in the list"),
});

interface Asking {
  ask: Ask;
  client: { capabilities: Record<string, unknown> };
}

/** As resolvePlace; where the text is ambiguous and the client can ask its user, it is asked first. */
export async function resolveOrAsk(
  text: string,
  options: ResolveOptions,
  { ask, client }: Asking,
): Promise<Place> {
  const found = await lookUp(text, options);
  if (!("candidates" in found)) return found;
  const error = ambiguous(found.text, found.candidates);
  if (!("elicitation" in client.capabilities)) throw error;
  const list = found.candidates.slice(0, MAX_CANDIDATES);
  const lines = list.map((place, index) => `${index + 1}. ${labelOf(place)}`);
  const question = askForm(`Which ${text} is meant?\n${lines.join("\n")}`, choice);
  const { place: answer } = await ask({ place: question }).catch((reason: unknown) => {
    // a connection that cannot carry a question still carries the list
    throw reason instanceof ToolError ? error : reason;
  });
  const chosen = answer.action === "accept" ? list[answer.content.number - 1] : undefined;
  if (!chosen) throw error;
  return chosen;
}
