import { DAY_MS } from "../time/dates.ts";
import type { OpenMeteoAnswer } from "./answer.ts";
import { instantOf } from "./frame.ts";

/** Even what is about to be renewed is kept this long, milliseconds. */
const LEAST_MS = 60_000;
const HOUR_MS = 3_600_000;
/** The reanalysis reaches up to five days ago; after that it is final. */
const ARCHIVE_FINAL_DAYS = 7;

/** The quickest models run hourly: what is forecast holds until the next full hour. */
export const untilNextHour = (now: Date): number =>
  Math.max(LEAST_MS, HOUR_MS - (now.getTime() % HOUR_MS));

/** The river model runs once a day. */
export const RIVER_TTL_MS = 6 * HOUR_MS;

/** The past does not change once the reanalysis has reached it. */
export function archiveTtl(end: string, now: Date): number {
  const age = now.getTime() - Date.parse(`${end}T00:00Z`);
  return age > ARCHIVE_FINAL_DAYS * DAY_MS ? 30 * DAY_MS : 6 * HOUR_MS;
}

/** The answer says itself how long its present values hold. */
export function currentTtl(answers: readonly OpenMeteoAnswer[], now: Date): number {
  const ends = answers.flatMap(({ current, utc_offset_seconds: offset }) =>
    current ? [instantOf(current.time, offset) + current.interval * 1_000] : [],
  );
  return Math.max(LEAST_MS, Math.min(...ends, now.getTime() + HOUR_MS) - now.getTime());
}
