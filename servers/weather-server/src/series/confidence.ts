import * as z from "zod";
import type { OpenMeteoAnswer } from "../open-meteo/answer.ts";
import { blockOf, type Column, type Frame, type Step, toFrame } from "../open-meteo/frame.ts";
import { untilNextHour } from "../open-meteo/freshness.ts";
import type { Place } from "../places/place.ts";
import { convert, round } from "../units/convert.ts";
import type { UnitSystem } from "../units/systems.ts";
import { variablesOf } from "../variables/catalog.ts";
import { type Asking, askSeries } from "./ask.ts";
import type { Span } from "./span.ts";

export const CONFIDENCE = ["none", "models", "ensemble"] as const;
export type Confidence = (typeof CONFIDENCE)[number];

/** Global models of five weather services, each computed for itself. */
export const MODELS = [
  "ecmwf_ifs025",
  "ncep_gfs_seamless",
  "icon_seamless",
  "cmc_gem_seamless",
  "meteofrance_seamless",
] as const;
/** One model run from many slightly different beginnings. */
const ENSEMBLE = "ecmwf_ifs025_ensemble";
export const ENSEMBLE_MEMBERS = 51;
/** How far the ensemble reaches, days. */
export const ENSEMBLE_DAYS = 15;
/** Variables that are told with their spread: every one multiplies what is asked for. */
export const MAX_CONFIDENCE_VARIABLES = 4;

/** What has no middle: codes, directions, times. */
const NO_SPREAD = /weather_code|direction|sunrise|sunset|is_day/;

/** Spread, in words: see seriesOutput. */
export const confidenceOutput = z
  .array(z.unknown())
  .optional()
  .describe("unit, range, low, middle, high");

export type Spread = {
  variable: string;
  unit: string;
  sources: number;
  /** What low and high are, in words. */
  range: string;
  low: (number | null)[];
  middle: (number | null)[];
  high: (number | null)[];
};

/** Linear between the two nearest ranks, of numbers in order (Hyndman and Fan, type 7). */
export function quantile(sorted: readonly number[], share: number): number | null {
  const at = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  if (below === undefined || above === undefined) return null;
  return round(below + (above - below) * (at - Math.floor(at)), 2);
}

/** Every column of the answer that is this variable by one model or member. */
const namesOf = (answer: OpenMeteoAnswer, step: Step, variable: string, kind: Confidence) => {
  const columns = Object.keys(answer[blockOf(step)] ?? {});
  if (kind === "models")
    return columns.filter((name) => MODELS.some((model) => name === `${variable}_${model}`));
  const member = new RegExp(`^${variable}(_member\\d+)?(_[a-z0-9_]*ensemble)?$`);
  return columns.filter((name) => member.test(name));
};

function spreadOf(variable: string, columns: readonly Column[], kind: Confidence): Spread {
  const share = kind === "models" ? [0, 0.5, 1] : [0.1, 0.5, 0.9];
  const used = columns.filter(({ values }) => values.some((value) => typeof value === "number"));
  const rows = columns[0]?.values.length ?? 0;
  const ranked = Array.from({ length: rows }, (_, row) => {
    const values = used.flatMap(({ values: all }) => {
      const value = all[row];
      return typeof value === "number" ? [value] : [];
    });
    return values.sort((a, b) => a - b);
  });
  const [low = [], middle = [], high = []] = share.map((part) =>
    ranked.map((values) => quantile(values, part)),
  );
  const sources = used.length;
  const range = kind === "models" ? `range of ${sources} models` : `middle 80% of ${sources} runs`;
  return { variable, unit: columns[0]?.unit ?? "", sources, range, low, middle, high };
}

export interface ConfidenceQuestion {
  kind: Confidence;
  place: Place;
  step: Step;
  variables: readonly string[];
  span: Span & { days: number };
}

/** The variables of a forecast that can be told with a spread, the first few. */
export const spreadable = (step: Step, variables: readonly string[], kind: Confidence): string[] =>
  variables
    .filter((name) => !NO_SPREAD.test(name))
    .filter((name) => kind === "models" || variablesOf("ensemble", step).includes(name))
    .slice(0, MAX_CONFIDENCE_VARIABLES);

/** How far several models, or the members of one, are apart at each of `times`. */
export async function askConfidence(
  { kind, place, step, variables, span }: ConfidenceQuestion,
  times: readonly string[],
  { system, ...asking }: Asking & { system: UnitSystem },
): Promise<Spread[]> {
  const models = kind === "models";
  const question = {
    api: models ? ("forecast" as const) : ("ensemble" as const),
    place,
    step,
    variables,
    span: models ? span : { past: 0, days: Math.min(span.days, ENSEMBLE_DAYS) },
    query: { models: models ? MODELS : ENSEMBLE },
    copies: models ? MODELS.length : ENSEMBLE_MEMBERS,
    ttlMs: untilNextHour(asking.now),
  };
  const groups = new Map<string, string[]>();
  const read = (answer: OpenMeteoAnswer): Frame => {
    for (const variable of variables) groups.set(variable, namesOf(answer, step, variable, kind));
    return toFrame(answer, step, [...groups.values()].flat());
  };
  const { frame } = await askSeries(question, asking, read);
  const rows = new Map(frame.times.map((time, row) => [time, row]));
  return variables.map((variable) => {
    const names = groups.get(variable) ?? [];
    const columns = frame.columns
      .filter((column) => names.includes(column.variable))
      .map((column) => ({
        ...column,
        values: times.map((time) => column.values[rows.get(time) ?? -1] ?? null),
      }));
    return inSystem(spreadOf(variable, columns, kind), system);
  });
}

function inSystem(spread: Spread, system: UnitSystem): Spread {
  const { variable, unit } = spread;
  const shown = (values: Spread["low"]) => {
    const { values: converted } = convert(variable, { unit, values }, system);
    return converted;
  };
  const { unit: shownUnit } = convert(variable, { unit, values: [] }, system);
  return {
    ...spread,
    unit: shownUnit,
    low: shown(spread.low),
    middle: shown(spread.middle),
    high: shown(spread.high),
  };
}
