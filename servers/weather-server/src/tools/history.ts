import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import { chartFormatInput, chartInput, withPicture } from "../chart/picture.ts";
import { asks, defineTool } from "../define-tool.ts";
import { archiveTtl } from "../open-meteo/freshness.ts";
import { aboutPlace, systemOf } from "../places/asking.ts";
import { placeInput, showPlace } from "../places/place.ts";
import { askSeries } from "../series/ask.ts";
import { anomalies, askNormals, MAX_NORMAL_DAYS, withNormal } from "../series/normals.ts";
import { missingNotes, requireFits, showSeries, sourceLine } from "../series/output.ts";
import { tableOutput } from "../series/table.ts";
import { checkRange, dateSchema } from "../time/dates.ts";
import { chooseVariables } from "../variables/choose.ts";
import { unitsInput, variablesInput } from "./fields.ts";

/** Where the reanalysis begins. */
export const FIRST_DATE = "1940-01-01";
export const MAX_HISTORY_DAYS = 366;
const USUAL = {
  hour: ["temperature_2m", "precipitation", "weather_code", "wind_speed_10m"],
  day: ["temperature_2m_max", "temperature_2m_min", "precipitation_sum", "wind_speed_10m_max"],
} as const;

export const history = defineTool({
  name: "history",
  title: "Past weather",
  description: "Weather of past days since 1940, compared with 1991-2020 if asked.",
  inputSchema: z.object({
    place: placeInput,
    start: dateSchema.describe("First day"),
    end: dateSchema.describe("Last day"),
    step: z.enum(["hour", "day"]).default("day").describe("Step"),
    variables: variablesInput,
    compare_to_normal: z.boolean().default(false).describe("Up to 31 days, step day"),
    units: unitsInput,
    chart: chartInput,
    chart_format: chartFormatInput,
  }),
  outputSchema: tableOutput,
  annotations: asks,
  async handler({ start, end, step, compare_to_normal: compare, ...input }, context) {
    const now = (await context.services.get("sources")).now();
    // somewhere on Earth it is tomorrow already
    const last = new Date(now.getTime() + 14 * 3_600_000).toISOString().slice(0, 10);
    const bounds = { first: FIRST_DATE, last, maxDays: MAX_HISTORY_DAYS };
    const days = checkRange(
      { start, end },
      { ...bounds, hint: "For the coming days use forecast." },
    );
    if (compare) requireComparable(step, days);
    const chosen = chooseVariables("archive", step, input.variables ?? USUAL[step]);
    requireFits(step === "day" ? days : days * 24, chosen.variables.length);
    const { place, asking } = await aboutPlace(input.place, context);
    const { frame, recordedAt } = await askSeries(
      {
        api: "archive",
        place,
        step,
        variables: chosen.variables,
        span: { start, end },
        ttlMs: archiveTtl(end, now),
      },
      asking,
    );
    const variables = compare ? withNormal(chosen.variables) : [];
    const normals =
      variables.length > 0
        ? await askNormals({ place, variables, start, end }, frame.times, asking)
        : [];
    const whole = {
      ...frame,
      columns: [...frame.columns, ...normals, ...anomalies(frame, normals)],
    };
    const table = {
      place: showPlace(place, frame.zone),
      times: frame.times,
      series: showSeries(whole, systemOf(input.units, context)),
      notes: [
        ...chosen.notes,
        ...missingNotes(frame),
        ...(normals.length > 0
          ? ["Normal is the mean of 1991-2020 in the 15 days around each date."]
          : []),
      ],
      source: sourceLine(["open-meteo"], "Reanalysis (ERA5 and others), no station", recordedAt),
    };
    return withPicture(table, input.chart ? input.chart_format : undefined);
  },
});

function requireComparable(step: "hour" | "day", days: number): void {
  if (step === "day" && days <= MAX_NORMAL_DAYS) return;
  throw new ToolError(
    "VALIDATION_ERROR",
    `Only days can be compared to the normal, at most ${MAX_NORMAL_DAYS} at a time. Use step "day" and a shorter range.`,
    { details: { reason: "not_comparable" } },
  );
}
