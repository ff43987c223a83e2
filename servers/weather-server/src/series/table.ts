import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import type { Step } from "../open-meteo/frame.ts";
import { aboutPlace, systemOf, type WeatherContext } from "../places/asking.ts";
import { placeOutput, showPlace } from "../places/place.ts";
import { countDays } from "../time/dates.ts";
import type { UnitSystem } from "../units/systems.ts";
import type { VariableApi } from "../variables/catalog.ts";
import type { Choice } from "../variables/choose.ts";
import { askSeries } from "./ask.ts";
import {
  missingNotes,
  notesOutput,
  requireFits,
  seriesOutput,
  showSeries,
  sourceLine,
  sourceOutput,
  timesOutput,
} from "./output.ts";
import { daysIn, type Span } from "./span.ts";

/** What the tools that give one table of values return. */
export const tableOutput = z.object({
  place: placeOutput,
  times: timesOutput,
  series: seriesOutput,
  notes: notesOutput,
  source: sourceOutput,
});

export interface TableQuestion {
  api: VariableApi;
  /** As the caller wrote it. */
  place: string;
  step: Step;
  chosen: Choice;
  span: Span;
  query?: Record<string, string>;
  ttlMs: number;
  /** What kind of data these are. */
  what: string;
}

/** Resolves the place, asks, and shows the table in the caller's units. */
export async function answerSeries(
  { place: text, chosen, what, ...question }: TableQuestion,
  units: UnitSystem | undefined,
  context: WeatherContext,
) {
  const { variables } = chosen;
  const rows = daysIn(question.span, countDays) * (question.step === "day" ? 1 : 24);
  requireFits(rows, variables.length);
  const { place, asking } = await aboutPlace(text, context);
  const { frame, recordedAt } = await askSeries({ ...question, place, variables }, asking);
  if (frame.columns.every(({ values }) => values.every((value) => value === null)))
    throw new ToolError(
      "NOT_FOUND",
      `${what}: there is no data for ${place.name} at this time. Try a place nearby, or other days.`,
      { details: { reason: "no_data_here" } },
    );
  return {
    place: showPlace(place, frame.zone),
    times: frame.times,
    series: showSeries(frame, systemOf(units, context)),
    notes: [...chosen.notes, ...missingNotes(frame)],
    source: sourceLine(["open-meteo"], what, recordedAt),
  };
}
