import * as z from "zod";
import { asks, defineTool } from "../define-tool.ts";
import { untilNextHour } from "../open-meteo/freshness.ts";
import { placeInput } from "../places/place.ts";
import type { SeriesOutput } from "../series/output.ts";
import { answerSeries, tableOutput } from "../series/table.ts";
import { airQualityLevel } from "../units/words.ts";
import { chooseVariables } from "../variables/choose.ts";
import { daysInput, variablesInput } from "./fields.ts";

/** How far the model reaches. */
export const MAX_AIR_DAYS = 7;
const USUAL = ["european_aqi", "us_aqi", "pm2_5", "pm10", "nitrogen_dioxide", "ozone"];
const POLLEN = [
  "alder_pollen",
  "birch_pollen",
  "grass_pollen",
  "mugwort_pollen",
  "olive_pollen",
  "ragweed_pollen",
];

/** The worst that each index becomes, in its own words: a missing index is not a good one. */
function worst({ times, series }: { times: string[]; series: SeriesOutput[] }): string[] {
  return series.flatMap(({ variable, values }) => {
    const numbers = values.map((value) => (typeof value === "number" ? value : -1));
    const top = Math.max(...numbers);
    const level = airQualityLevel(variable, top < 0 ? null : top);
    if (level === undefined) return [];
    return [`${variable} is worst at ${times[numbers.indexOf(top)] ?? ""}: ${top}, ${level}.`];
  });
}

export const airQuality = defineTool({
  name: "air_quality",
  title: "Air quality",
  description: "Air quality by hour; pollen in Europe if asked.",
  inputSchema: z.object({
    place: placeInput,
    days: daysInput(MAX_AIR_DAYS, 2),
    pollen: z.boolean().default(false).describe("Also pollen"),
    variables: variablesInput,
  }),
  outputSchema: tableOutput,
  annotations: asks,
  async handler({ place, days, pollen, variables = USUAL }, context) {
    const table = await answerSeries(
      {
        api: "air-quality",
        place,
        step: "hour",
        chosen: chooseVariables("air-quality", "hour", [...variables, ...(pollen ? POLLEN : [])]),
        span: { past: 0, days },
        ttlMs: untilNextHour(context.now()),
        what: "Air quality model (CAMS)",
      },
      "metric",
      context,
    );
    return { ...table, notes: [...worst(table), ...table.notes] };
  },
});
