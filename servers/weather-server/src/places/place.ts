import * as z from "zod";

/** Characters of a place as a caller writes it. */
export const MAX_PLACE_TEXT = 200;

/** Somewhere on Earth, with what is known of it. */
export interface Place {
  /** Of GeoNames; absent for bare coordinates. */
  id?: number;
  name: string;
  /** First-order division, such as a state. */
  region?: string;
  country?: string;
  countryCode?: string;
  latitude: number;
  longitude: number;
  timezone?: string;
  population?: number;
  /** Every division it lies in, for telling apart. */
  divisions?: readonly string[];
}

export const placeInput = z
  .string()
  .trim()
  .min(1)
  .max(MAX_PLACE_TEXT)
  .describe("Coordinates, id or words");

export const placeId = (id: number): string => `id:${id}`;

/** "Paris, Texas, United States": a division that is named like the place is left out. */
export function labelOf({ name, region, country }: Place): string {
  const parts = [name, region, country].filter((part) => part !== undefined && part !== "");
  return [...new Set(parts)].join(", ");
}

export const placeOutput = z.string().describe("Name (coordinates; zone)");

/** "Paris, Texas, United States (33.6609,-95.5555; America/Chicago)" */
export function showPlace(place: Place, zone: string): string {
  const { latitude, longitude } = place;
  return `${labelOf(place)} (${latitude},${longitude}; ${zone})`;
}
