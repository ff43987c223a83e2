import * as z from "zod";
import { asks, defineTool } from "../define-tool.ts";
import { RIVER_TTL_MS } from "../open-meteo/freshness.ts";
import { placeInput } from "../places/place.ts";
import { MAX_PAST_DAYS } from "../series/span.ts";
import { answerSeries, tableOutput } from "../series/table.ts";
import { chooseVariables } from "../variables/choose.ts";
import { daysInput, pastDaysInput, unitsInput } from "./fields.ts";

/** Longer forecasts are seasonal means. */
export const MAX_RIVER_DAYS = 210;
const USUAL_DAYS = 14;
const VARIABLES = [
  "river_discharge",
  "river_discharge_median",
  "river_discharge_p25",
  "river_discharge_p75",
];

export const riverFlow = defineTool({
  name: "river_flow",
  title: "River flow",
  description: "Daily discharge of the largest river nearby, with the middle half of 50 forecasts.",
  inputSchema: z.object({
    place: placeInput,
    days: daysInput(MAX_RIVER_DAYS, USUAL_DAYS),
    past_days: pastDaysInput(MAX_PAST_DAYS),
    units: unitsInput,
  }),
  outputSchema: tableOutput,
  annotations: asks,
  handler({ place, days, past_days: past, units }, context) {
    return answerSeries(
      {
        api: "flood",
        place,
        step: "day",
        chosen: chooseVariables("flood", "day", VARIABLES),
        span: { past, days },
        ttlMs: RIVER_TTL_MS,
        what: "River model (GloFAS), no gauge",
      },
      units,
      context,
    );
  },
});
