export interface TimeAxis {
  left: number;
  right: number;
  /** Width of one row. */
  step: number;
  /** The middle of a row. */
  at(row: number): number;
}

export const timeAxis = (rows: number, left: number, right: number): TimeAxis => {
  const step = (right - left) / Math.max(1, rows);
  return { step, left, right, at: (row) => left + (row + 0.5) * step };
};

/** A row a day, instead of an hour or a quarter. */
export const isDaily = (times: readonly string[]): boolean => times[0]?.length === 10;

/** Rows that begin a new local day; with `length` 7, a new month. */
export const dayStarts = (times: readonly string[], length = 10): number[] =>
  times.flatMap((time, row) =>
    time.slice(0, length) === times[row - 1]?.slice(0, length) ? [] : [row],
  );

/** With more days than this, months are marked instead. */
const MAX_DAYS = 62;
export const isLong = (times: readonly string[]): boolean => dayStarts(times).length > MAX_DAYS;

/** Where a local day, or a month of a long range, lies on the axis. */
export interface Span {
  from: number;
  to: number;
  date: string;
}

export function spansOf(times: readonly string[], axis: TimeAxis): Span[] {
  const edge = (row: number) => axis.at(row) - axis.step / 2;
  const starts = dayStarts(times, isLong(times) ? 7 : 10);
  return starts.map((row, index) => {
    const next = starts[index + 1];
    const to = next === undefined ? axis.right : edge(next);
    return { from: edge(row), to, date: times[row]?.slice(0, 10) ?? "" };
  });
}

const minuteOf = (time: string | undefined) => Number(time?.slice(14, 16));

/**
 * Rows that lie so many full hours apart, at `most`, that each has `room`: from midnight on, or from
 * this part of the way to the next. None in days.
 */
export function hourRows(
  times: readonly string[],
  axis: TimeAxis,
  { room, most, from = 0 }: { room: number; most: number; from?: number },
): number[] {
  if (isDaily(times)) return [];
  const minutes = (minuteOf(times[1]) - minuteOf(times[0]) + 60) % 60 || 60;
  const apart = [1, 2, 3, 6, 12, 24].find((hours) => hours * (60 / minutes) * axis.step >= room);
  if (apart === undefined || apart > most) return [];
  return times.flatMap((time, row) => {
    const hour = Number(time.slice(11, 13)) - Math.floor(apart * from);
    return minuteOf(time) < minutes && hour % apart === 0 ? [row] : [];
  });
}
