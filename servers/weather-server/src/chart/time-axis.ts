import { element, label } from "./svg.ts";

/** Room that a label of each form needs. */
const NAMED_WIDTH = 46;
const NUMBER_WIDTH = 22;
/** With more days than this, months are marked instead. */
const MAX_DAYS = 62;

export interface TimeAxis {
  /** Width of one row. */
  step: number;
  /** The middle of a row. */
  at(row: number): number;
  right: number;
}

export const timeAxis = (rows: number, left: number, right: number): TimeAxis => {
  const step = (right - left) / Math.max(1, rows);
  return { step, right, at: (row) => left + (row + 0.5) * step };
};

const weekday = new Intl.DateTimeFormat("en", { weekday: "short", timeZone: "UTC" });
const monthName = new Intl.DateTimeFormat("en", { month: "short", timeZone: "UTC" });

/** "15 Jan 2025 to 30 Jan 2025": the labels of single days need not say it. */
export function rangeOf(times: readonly string[]): string {
  const full = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });
  const [first, last] = [times[0], times.at(-1)].map((time) =>
    full.format(new Date(`${time?.slice(0, 10)}T00:00Z`)),
  );
  return first === last ? `${first}` : `${first} to ${last}`;
}

interface Mark {
  /** Left and right edge. */
  from: number;
  to: number;
  date: string;
}

/** Where local days begin and end, or months in a long range. */
function marks(times: readonly string[], axis: TimeAxis): { marks: Mark[]; months: boolean } {
  const days = new Set(times.map((time) => time.slice(0, 10))).size;
  const months = days > MAX_DAYS;
  const length = months ? 7 : 10;
  const starts = times.flatMap((time, row) =>
    time.slice(0, length) === times[row - 1]?.slice(0, length) ? [] : [row],
  );
  const edge = (row: number) => axis.at(row) - axis.step / 2;
  return {
    months,
    marks: starts.map((row, index) => {
      const next = starts[index + 1];
      const to = next === undefined ? axis.right : edge(next);
      return { from: edge(row), to, date: times[row]?.slice(0, 10) ?? "" };
    }),
  };
}

function nameOf(date: string, width: number, months: boolean): string {
  const day = new Date(`${date}T00:00Z`);
  if (months) return monthName.format(day);
  return width >= NAMED_WIDTH
    ? `${weekday.format(day)} ${day.getUTCDate()}`
    : String(day.getUTCDate());
}

interface Height {
  top: number;
  bottom: number;
}

/** Lines between local days in every panel, and the names of the days below the last. */
export function drawDays(
  times: readonly string[],
  axis: TimeAxis,
  panels: readonly Height[],
): string {
  const { marks: found, months } = marks(times, axis);
  const below = Math.max(...panels.map(({ bottom }) => bottom)) + 16;
  const widest = Math.max(...found.map(({ from, to }) => to - from));
  const every = Math.ceil(NUMBER_WIDTH / widest);
  return found
    .filter((_, index) => index % every === 0)
    .map(({ from, to, date }) => {
      const lines = panels.map(({ top, bottom }) =>
        element("path", { class: "grid", d: `M${from.toFixed(1)} ${top}V${bottom}` }),
      );
      const width = to - from;
      // a day or month that is cut short at the edge has no room for its name
      if (width < NUMBER_WIDTH && every === 1) return lines.join("");
      const place = { x: every > 1 ? from : from + width / 2, y: below, class: "faint" };
      const text = nameOf(date, width, months);
      return lines.join("") + label(text, { ...place, "font-size": "11", "text-anchor": "middle" });
    })
    .join("");
}
