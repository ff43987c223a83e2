import * as z from "zod";
import type { Frame } from "../open-meteo/frame.ts";
import { weatherWord } from "./catalog.ts";

export const codesOutput = z.looseObject({}).optional().describe("Words of weather codes");

/** The words of the weather codes that a table holds. */
export function codesIn({ columns }: Frame): { codes?: Record<string, string> } {
  const codes = columns
    .filter(({ variable }) => variable === "weather_code")
    .flatMap(({ values }) => values);
  const words = [...new Set(codes)].flatMap((code): [string, string][] => {
    const word = weatherWord(code);
    return word === undefined ? [] : [[String(code), word]];
  });
  return words.length === 0 ? {} : { codes: Object.fromEntries(words) };
}
