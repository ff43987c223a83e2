import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import type { Frame } from "../open-meteo/frame.ts";
import { convert } from "../units/convert.ts";
import type { UnitSystem } from "../units/systems.ts";

/** Values in one answer: some 100 KB of JSON. */
export const MAX_VALUES = 15_000;

export const timesOutput = z.array(z.string()).describe("Local times");
/**
 * A schema of every field would take 230 bytes more in each of five tools, and a list of tools is paid
 * for in every conversation: what the fields are is said in words, and SeriesOutput holds the code to it.
 */
export const seriesOutput = z.array(z.unknown()).describe("unit, values (null: missing)");
export const notesOutput = z.array(z.string()).describe("Remarks");
export const sourceOutput = z.string().describe("Credits");

/** The values of one variable. */
export type SeriesOutput = {
  variable: string;
  unit: string;
  values: (number | string | null)[];
};

export const showSeries = ({ columns }: Frame, system: UnitSystem): SeriesOutput[] =>
  columns.map(({ variable, unit, values }) => ({
    variable,
    ...convert(variable, { unit, values }, system),
  }));

/** Errors: VALIDATION_ERROR before anything is asked for that would not fit into an answer. */
export function requireFits(rows: number, variables: number): void {
  if (rows * variables <= MAX_VALUES) return;
  throw new ToolError(
    "VALIDATION_ERROR",
    `${rows} times of ${variables} variables are ${rows * variables} values; one answer carries at most ${MAX_VALUES}. Ask for fewer days, fewer variables or a longer step.`,
    { details: { reason: "too_many_values", values: rows * variables, limit: MAX_VALUES } },
  );
}

/** Says which variables have no value at all, and where the others end: neither is 0. */
export function missingNotes({ times, columns }: Frame): string[] {
  const byEnd = new Map<number, string[]>();
  for (const { variable, values } of columns) {
    const last = values.findLastIndex((one) => one !== null);
    if (last < values.length - 1) byEnd.set(last, [...(byEnd.get(last) ?? []), variable]);
  }
  return [...byEnd].map(([last, variables]) =>
    last === -1
      ? `${variables.join(", ")}: no data for this place and time.`
      : `${variables.join(", ")}: no data after ${times[last] ?? ""}, the model reaches no further.`,
  );
}

const ATTRIBUTION = {
  "open-meteo": "Weather data by Open-Meteo.com (CC BY 4.0)",
  nws: "National Weather Service of the United States (public domain)",
} as const;

/** Whose data these are, and whether they are a replay. */
export function sourceLine(
  sources: readonly (keyof typeof ATTRIBUTION)[],
  what: string,
  recordedAt: string | undefined,
): string {
  const names = sources.map((name) => ATTRIBUTION[name]).join("; ");
  const replay = recordedAt === undefined ? "" : ` REPLAY of an answer recorded ${recordedAt}.`;
  return `${what}. ${names}.${replay}`;
}
