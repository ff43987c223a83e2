import type { Step } from "../open-meteo/frame.ts";
import { blockOf } from "../open-meteo/frame.ts";
/** The names in Open-Meteo's published interface descriptions (openapi/*.yml). */
import catalog from "./catalog.json" with { type: "json" };
import codes from "./weather-codes.json" with { type: "json" };

const WITH_VARIABLES = [
  "forecast",
  "archive",
  "air-quality",
  "marine",
  "flood",
  "ensemble",
] as const;
export type VariableApi = (typeof WITH_VARIABLES)[number];
export const VARIABLE_APIS: readonly VariableApi[] = WITH_VARIABLES;

const blocks: Readonly<Record<VariableApi, Readonly<Record<string, string>>>> = catalog;

/** What an interface knows in this block, "hourly" for example. */
export const namesIn = (api: VariableApi, block: string): readonly string[] =>
  blocks[api][block]?.split(" ") ?? [];

export const blocksOf = (api: VariableApi): readonly string[] => Object.keys(blocks[api]);

export const variablesOf = (api: VariableApi, step: Step): readonly string[] =>
  namesIn(api, blockOf(step));

const byCode: Readonly<Record<string, string>> = codes;

/** WMO 4677 as Open-Meteo uses it; hail (96, 99) is told for Central Europe only. */
export const WEATHER_CODES = byCode;

export const weatherWord = (code: unknown): string | undefined =>
  typeof code === "number" ? byCode[String(code)] : undefined;
