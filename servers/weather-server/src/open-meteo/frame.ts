import { localTime } from "../time/zone.ts";
import type { OpenMeteoAnswer, Value } from "./answer.ts";

export type Step = "15min" | "hour" | "day";
const BLOCKS = { "15min": "minutely_15", hour: "hourly", day: "daily" } as const;
export const blockOf = (step: Step) => BLOCKS[step];

export interface Column {
  variable: string;
  unit: string;
  values: Value[];
}

/** One table: a time a row, a variable a column. */
export interface Frame {
  zone: string;
  /** Local times with their offset; for days, dates. */
  times: string[];
  columns: Column[];
}

/** Open-Meteo writes local times with the offset that holds today, on whatever date they are. */
export const instantOf = (text: string, offsetSeconds: number): number =>
  Date.parse(`${text.slice(0, 16)}Z`) - offsetSeconds * 1_000;

const CLOCK = new Set(["sunrise", "sunset"]);
const DAY_MS = 86_400_000;
const MIDNIGHT = "T00:00";

/**
 * Where the sun stays down all day the host has it rise and set at midnight, where it stays up it has
 * it set a day later (open-meteo#844): no time of day, so it is said in words.
 */
function allDay(rise: Value | undefined, set: Value | undefined): string | undefined {
  const times = [rise, set].filter((time) => typeof time === "string");
  if (times.length === 0 || !times.every((time) => time.endsWith(MIDNIGHT))) return undefined;
  const [first, last = first] = times;
  if (times.length === 2) return first === last ? "polar night" : "polar day";
  return "polar day or night";
}

/** Local times of the sun, by row. Older installations tell of a day without them by the year 1970. */
function clockTimes(variable: string, answer: OpenMeteoAnswer): Value[] {
  const { daily } = answer;
  const column = (name: string) => {
    const values = daily?.[name];
    return Array.isArray(values) ? values : [];
  };
  const [rises, sets] = [column("sunrise"), column("sunset")];
  return aligned(column(variable), daily?.time.length ?? 0).map((text, row) => {
    if (typeof text !== "string" || text === "") return null;
    const instant = instantOf(text, answer.utc_offset_seconds);
    const noon = instantOf(`${daily?.time[row]}T12:00`, answer.utc_offset_seconds);
    if (!(Math.abs(noon - instant) <= DAY_MS)) return null;
    return allDay(rises[row], sets[row]) ?? localTime(answer.timezone, instant);
  });
}

/** A list of the right length: what the answer does not have is missing. */
const aligned = (values: Value[] | undefined, length: number): Value[] =>
  Array.from({ length }, (_, row) => values?.[row] ?? null);

/** The block of an answer as a table of these variables, each with the unit that the answer names. */
export function toFrame(answer: OpenMeteoAnswer, step: Step, variables: readonly string[]): Frame {
  const name = BLOCKS[step];
  const rows = answer[name]?.time ?? [];
  const columns = variables.map((variable): Column => {
    const given = answer[name]?.[variable];
    const values = aligned(Array.isArray(given) ? given : undefined, rows.length);
    if (!CLOCK.has(variable))
      return { variable, unit: answer[`${name}_units`][variable] ?? "", values };
    return { variable, unit: "local time", values: clockTimes(variable, answer) };
  });
  const times =
    step === "day"
      ? rows.map((date) => date.slice(0, 10))
      : rows.map((time) => localTime(answer.timezone, instantOf(time, answer.utc_offset_seconds)));
  return { zone: answer.timezone, times, columns };
}

/** One table after the other; the columns are those of the first. */
export function joinFrames(frames: readonly Frame[]): Frame | undefined {
  const [first] = frames;
  if (!first) return undefined;
  return {
    ...first,
    times: frames.flatMap(({ times }) => times),
    columns: first.columns.map((column, index) => ({
      ...column,
      values: frames.flatMap(({ columns }) => columns[index]?.values ?? []),
    })),
  };
}

/** The rows for which `keep` says so. */
export function keepRows(frame: Frame, keep: (time: string) => boolean): Frame {
  const rows = frame.times.flatMap((time, row) => (keep(time) ? [row] : []));
  const pick = <T>(list: readonly T[], none: T): T[] => rows.map((row) => list[row] ?? none);
  return {
    ...frame,
    times: pick(frame.times, ""),
    columns: frame.columns.map((column) => ({ ...column, values: pick(column.values, null) })),
  };
}
