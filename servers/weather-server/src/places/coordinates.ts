import { ToolError } from "#shared/core/errors.ts";
import { round } from "../units/convert.ts";
import type { Place } from "./place.ts";

const NUMBER = String.raw`([+-]?\d{1,3}(?:\.\d{1,15})?)\s*°?\s*`;
const PAIR = new RegExp(`^${NUMBER}([NS])?\\s*[,; ]\\s*${NUMBER}([EW])?$`, "i");

/** Some 10 m: finer than any model, and the most that the NWS takes. */
const DECIMALS = 4;

const MAX_LATITUDE = 90;
const MAX_LONGITUDE = 180;

const degrees = (value: number, [positive, negative]: readonly [string, string]) =>
  `${Math.abs(value)}°${value < 0 ? negative : positive}`;

/** "33.87°S 151.21°E" */
export const coordinateLabel = (latitude: number, longitude: number): string =>
  `${degrees(latitude, ["N", "S"])} ${degrees(longitude, ["E", "W"])}`;

function signed(number: string, letter: string | undefined): number {
  const value = Number(number);
  if (letter === undefined) return value;
  if (/^[+-]/.test(number))
    throw new ToolError(
      "VALIDATION_ERROR",
      `Write either a sign or the letter ${letter.toUpperCase()}, not both.`,
      { details: { reason: "sign_and_letter" } },
    );
  return /[SW]/i.test(letter) ? -value : value;
}

/** The place of a text such as "48.85,2.35" or "33.87S 151.21E"; undefined for any other text. */
export function parseCoordinates(text: string): Place | undefined {
  const match = PAIR.exec(text.trim());
  if (!match) return undefined;
  const [, north = "", northLetter, east = "", eastLetter] = match;
  const latitude = round(signed(north, northLetter), DECIMALS);
  const longitude = round(signed(east, eastLetter), DECIMALS);
  if (Math.abs(latitude) > MAX_LATITUDE || Math.abs(longitude) > MAX_LONGITUDE)
    throw new ToolError(
      "VALIDATION_ERROR",
      `${latitude},${longitude} is nowhere: the latitude comes first, from -90 to 90, then the longitude, from -180 to 180.`,
      { details: { reason: "out_of_range" } },
    );
  return { name: coordinateLabel(latitude, longitude), latitude, longitude };
}
