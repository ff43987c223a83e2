import * as z from "zod";
import { isZone } from "../time/zone.ts";
import { expectShape } from "../upstream/shape.ts";

const value = z.union([z.number(), z.string(), z.null()]);
export type Value = z.output<typeof value>;

const units = z.record(z.string(), z.string()).default({});
/** Columns of equal length, one of them the time. */
const block = z.looseObject({ time: z.array(z.string()) }).catchall(z.array(value));

const answerSchema = z.object({
  latitude: z.number(),
  longitude: z.number(),
  elevation: z.number().nullish(),
  utc_offset_seconds: z.number(),
  timezone: z.string(),
  current: z
    .looseObject({ time: z.string(), interval: z.number().default(900) })
    .catchall(value)
    .optional(),
  current_units: units,
  minutely_15: block.optional(),
  minutely_15_units: units,
  hourly: block.optional(),
  hourly_units: units,
  daily: block.optional(),
  daily_units: units,
});

export type OpenMeteoAnswer = z.output<typeof answerSchema>;

/** Errors: API_ERROR for anything that is no answer of a forecast interface. */
export function parseAnswers(body: unknown): OpenMeteoAnswer[] {
  const list = Array.isArray(body) ? body : [body];
  return expectShape(z.array(answerSchema), list, "Open-Meteo").map(inKnownZone);
}

/** A zone that this machine does not know is told by its offset, which is known to hold now. */
function inKnownZone(answer: OpenMeteoAnswer): OpenMeteoAnswer {
  if (isZone(answer.timezone)) return answer;
  const hours = Math.round(answer.utc_offset_seconds / 3_600);
  // the sign of these names is turned around: Etc/GMT-2 is two hours east
  return {
    ...answer,
    timezone: hours === 0 ? "UTC" : `Etc/GMT${hours > 0 ? "-" : "+"}${Math.abs(hours)}`,
  };
}
