import * as z from "zod";
import { chartFormatInput, chartInput, withPicture } from "../chart/picture.ts";
import { asks, defineTool } from "../define-tool.ts";
import type { Step } from "../open-meteo/frame.ts";
import { untilNextHour } from "../open-meteo/freshness.ts";
import { aboutPlace, systemOf } from "../places/asking.ts";
import { placeInput, showPlace } from "../places/place.ts";
import { showCandidate } from "../places/resolve.ts";
import { FORECAST_APP_URI } from "../resources/forecast-app.ts";
import { type Asking, askSeries } from "../series/ask.ts";
import {
  askConfidence,
  CONFIDENCE,
  type ConfidenceQuestion,
  confidenceOutput,
  spreadable,
} from "../series/confidence.ts";
import { missingNotes, requireFits, showSeries, sourceLine } from "../series/output.ts";
import { MAX_FORECAST_DAYS, MAX_PAST_DAYS } from "../series/span.ts";
import { tableOutput } from "../series/table.ts";
import type { UnitSystem } from "../units/systems.ts";
import { chooseVariables } from "../variables/choose.ts";
import { codesIn, codesOutput } from "../variables/codes-in.ts";
import { PRESETS, presetVariables } from "../variables/presets.ts";
import { daysInput, pastDaysInput, unitsInput, variablesInput } from "./fields.ts";

const USUAL_DAYS = 3;
const ROWS_A_DAY: Readonly<Record<Step, number>> = { "15min": 96, hour: 24, day: 1 };

const inputSchema = z.object({
  place: placeInput,
  step: z.enum(["15min", "hour", "day"]).default("day").describe("Step"),
  days: daysInput(MAX_FORECAST_DAYS, USUAL_DAYS),
  past_days: pastDaysInput(MAX_PAST_DAYS),
  preset: z.enum(PRESETS).default("basic").describe("Variables by purpose"),
  variables: variablesInput,
  confidence: z.enum(CONFIDENCE).default("none").describe("Spread of models or members"),
  units: unitsInput,
  chart: chartInput,
  chart_format: chartFormatInput,
});

export const forecast = defineTool({
  name: "forecast",
  title: "Forecast",
  description: "Forecast for a place by 15 minutes, hour or day, with its uncertainty if asked.",
  inputSchema,
  outputSchema: tableOutput.extend({ codes: codesOutput, confidence: confidenceOutput }),
  annotations: asks,
  _meta: { ui: { resourceUri: FORECAST_APP_URI } },
  async handler(input, context) {
    const { step, days, past_days: past } = input;
    const chosen = chooseVariables(
      "forecast",
      step,
      input.variables ?? presetVariables(input.preset, step),
    );
    requireFits((days + past) * ROWS_A_DAY[step], chosen.variables.length);
    const { place, asking } = await aboutPlace(input.place, context);
    const system = systemOf(input.units, context);
    const common = { place, step, span: { past, days } };
    const { frame, recordedAt } = await askSeries(
      { ...common, api: "forecast", variables: chosen.variables, ttlMs: untilNextHour(asking.now) },
      asking,
    );
    const known = { ...place, timezone: frame.zone };
    const spread = await spreadFor(
      { ...common, place: known, kind: input.confidence, variables: chosen.variables },
      frame.times,
      { ...asking, system },
    );
    const table = {
      place: showPlace(place, frame.zone),
      times: frame.times,
      series: showSeries(frame, system),
      ...codesIn(frame),
      ...spread.shown,
      notes: [...chosen.notes, ...missingNotes(frame), ...spread.notes],
      source: sourceLine(["open-meteo"], "Model forecast, no measurement", recordedAt),
    };
    const format = input.chart ? input.chart_format : undefined;
    // the page asks again by this: the words of the caller may have been ambiguous
    return withPicture(table, format, { place: showCandidate(place).place });
  },
});

async function spreadFor(
  question: ConfidenceQuestion,
  times: readonly string[],
  asking: Asking & { system: UnitSystem },
) {
  const { kind, step } = question;
  if (kind === "none") return { shown: {}, notes: [] };
  const variables = spreadable(step, question.variables, kind);
  if (variables.length === 0 || (kind === "ensemble" && step === "15min"))
    return { shown: {}, notes: [`No spread by ${kind} exists for these variables and this step.`] };
  const confidence = await askConfidence({ ...question, variables }, times, asking);
  const left = question.variables.length - variables.length;
  const notes = left > 0 ? [`The spread is told for ${variables.join(", ")}.`] : [];
  return { shown: { confidence }, notes };
}
