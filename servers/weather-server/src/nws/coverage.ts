import { ToolError } from "#shared/core/errors.ts";
import { labelOf, type Place } from "../places/place.ts";

/** The United States and its territories, by ISO 3166. */
const COUNTRIES = new Set(["US", "PR", "GU", "VI", "AS", "MP", "UM"]);

const notCovered = (place: Place) =>
  new ToolError(
    "NOT_FOUND",
    `The NWS covers the United States and its territories only, not ${labelOf(place)}. There is no source for other countries here.`,
    { details: { reason: "not_covered" } },
  );

/** Errors: NOT_FOUND for a place that is known to lie elsewhere; a town across the border is not asked about. */
export function requireCovered(place: Place): void {
  if (place.countryCode !== undefined && !COUNTRIES.has(place.countryCode)) throw notCovered(place);
}

/** The host's own word for coordinates outside, as the same error. */
export function asNotCovered(error: unknown, place: Place): unknown {
  if (!(error instanceof ToolError)) return error;
  const { problem, status } = error.details;
  return problem === "InvalidPoint" || status === 404 ? notCovered(place) : error;
}
