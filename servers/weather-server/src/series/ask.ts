import { type OpenMeteoAnswer, parseAnswers } from "../open-meteo/answer.ts";
import type { OpenMeteo } from "../open-meteo/client.ts";
import {
  blockOf,
  type Frame,
  joinFrames,
  keepRows,
  type Step,
  toFrame,
} from "../open-meteo/frame.ts";
import type { Place } from "../places/place.ts";
import { countDays } from "../time/dates.ts";
import type { Query } from "../upstream/address.ts";
import { weightOf } from "../upstream/weight.ts";
import type { VariableApi } from "../variables/catalog.ts";
import { daysIn, piecesFor, plainPiece, type Span } from "./span.ts";

export interface SeriesQuestion {
  api: VariableApi;
  place: Place;
  step: Step;
  variables: readonly string[];
  span: Span;
  /** Beside place, variables and days. */
  query?: Query;
  /** Columns that come back for each variable, where several models or members are asked. */
  copies?: number;
  ttlMs: number;
}

export interface Asking {
  source: OpenMeteo;
  signal: AbortSignal;
  now: Date;
}

export interface SeriesAnswer {
  frame: Frame;
  /** When it was recorded, of a replay. */
  recordedAt: string | undefined;
}

/** The table that the answer has for a question; `columns` gives the names to read from it. */
type ReadFrame = (answer: OpenMeteoAnswer) => Frame;

async function askOnce(
  question: SeriesQuestion,
  query: Query,
  { source, signal }: Asking,
): Promise<{ answer: OpenMeteoAnswer; recordedAt: string | undefined }> {
  const { api, place, step, variables, copies = 1, ttlMs } = question;
  const days = daysIn(question.span, countDays);
  const { body, recordedAt } = await source.ask(api, {
    query: {
      latitude: place.latitude,
      longitude: place.longitude,
      [blockOf(step)]: variables,
      ...question.query,
      ...query,
    },
    weight: weightOf({ places: 1, variables: variables.length * copies, days }),
    ttlMs: () => ttlMs,
    signal,
  });
  const [answer] = parseAnswers(body);
  if (!answer) throw new TypeError("a list of one answer is empty");
  return { answer, recordedAt };
}

/**
 * The values of a question by local time: days begin at local midnight and hours carry the offset
 * that holds then, also across a change of the clocks and in another season than today's.
 */
export async function askSeries(
  question: SeriesQuestion,
  asking: Asking,
  read: ReadFrame = (answer) => toFrame(answer, question.step, question.variables),
): Promise<SeriesAnswer> {
  const { span, place } = question;
  const daily = question.step === "day";
  const plain = () => askOnce(question, plainPiece(span), asking);
  const first = place.timezone === undefined ? await plain() : undefined;
  const zone = first?.answer.timezone ?? place.timezone ?? "UTC";
  const pieces = piecesFor(span, { zone, now: asking.now, daily });
  if (!pieces) {
    const { answer, recordedAt } = first ?? (await plain());
    return { frame: read(answer), recordedAt };
  }
  const frames: Frame[] = [];
  let recordedAt: string | undefined;
  for (const { query, start, end } of pieces) {
    const piece = await askOnce(question, query, asking);
    recordedAt ??= piece.recordedAt;
    const frame = read({ ...piece.answer, timezone: zone });
    frames.push(keepRows(frame, (time) => time.slice(0, 10) >= start && time.slice(0, 10) <= end));
  }
  const frame = joinFrames(frames) ?? { zone, times: [], columns: [] };
  return { frame, recordedAt };
}
