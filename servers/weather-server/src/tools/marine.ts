import * as z from "zod";
import { asks, defineTool } from "../define-tool.ts";
import { untilNextHour } from "../open-meteo/freshness.ts";
import { placeInput } from "../places/place.ts";
import { MAX_FORECAST_DAYS } from "../series/span.ts";
import { answerSeries, tableOutput } from "../series/table.ts";
import { chooseVariables } from "../variables/choose.ts";
import { daysInput, unitsInput, variablesInput } from "./fields.ts";

const USUAL = {
  hour: [
    "wave_height",
    "wave_direction",
    "wave_period",
    "swell_wave_height",
    "swell_wave_period",
    "sea_surface_temperature",
    "sea_level_height_msl",
  ],
  day: ["wave_height_max", "wave_direction_dominant", "wave_period_max", "swell_wave_height_max"],
} as const;

export const marine = defineTool({
  name: "marine",
  title: "Sea state",
  description: "Waves, swell, currents and temperature of the sea.",
  inputSchema: z.object({
    place: placeInput,
    step: z.enum(["hour", "day"]).default("day").describe("Step"),
    days: daysInput(MAX_FORECAST_DAYS, 3),
    variables: variablesInput,
    units: unitsInput,
  }),
  outputSchema: tableOutput,
  annotations: asks,
  handler({ place, step, days, variables, units }, context) {
    return answerSeries(
      {
        api: "marine",
        place,
        step,
        chosen: chooseVariables("marine", step, variables ?? USUAL[step]),
        span: { past: 0, days },
        ttlMs: untilNextHour(context.now()),
        what: "Wave model, not for navigation",
      },
      units,
      context,
    );
  },
});
