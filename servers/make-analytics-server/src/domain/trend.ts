import { mean, median, round } from "./statistics.ts";
import { amountOf, type Day, unitOf, weekdayName, weekdayOf } from "./usage-days.ts";

const WINDOW_DAYS = 7;
/** Modified z-score past which a day is an outlier (Iglewicz and Hoaglin 1993). */
export const MAX_SCORE = 3.5;
/** Makes the median absolute deviation comparable to a standard deviation. */
const MAD_SCALE = 1.4826;

/** The daily series with its mean of seven days, the pattern of the week, and the days that stand out. */
export function trendOf(days: readonly Day[], today: string) {
  const unit = unitOf(days);
  const values = days.map((day) => amountOf(day, unit));
  const complete = days.filter(({ date }) => date < today);
  const series = days.map(({ date, operations, credits }, index) => ({
    date,
    operations,
    credits,
    complete: date < today,
    mean7:
      index < WINDOW_DAYS - 1
        ? null
        : round(mean(values.slice(index - WINDOW_DAYS + 1, index + 1))),
  }));
  return {
    unit,
    series,
    weekdays: weekdaysOf(complete, unit),
    outliers: outliersOf(complete, unit),
  };
}

function weekdaysOf(days: readonly Day[], unit: "credits" | "operations") {
  return [1, 2, 3, 4, 5, 6, 0].flatMap((weekday) => {
    const same = days.filter(({ date }) => weekdayOf(date) === weekday);
    const values = same.map((day) => amountOf(day, unit));
    return same.length === 0
      ? []
      : [{ weekday: weekdayName(weekday), days: same.length, mean: round(mean(values)) }];
  });
}

function outliersOf(days: readonly Day[], unit: "credits" | "operations") {
  const middle = median(days.map((day) => amountOf(day, unit)));
  const spread = MAD_SCALE * median(days.map((day) => Math.abs(amountOf(day, unit) - middle)));
  if (!(spread > 0)) return [];
  return days.flatMap((day) => {
    const value = amountOf(day, unit);
    const score = round((value - middle) / spread);
    return Math.abs(score) > MAX_SCORE ? [{ date: day.date, value, median: middle, score }] : [];
  });
}

/** Operations and credits of the days from one up to another; undefined when there is none, or Make does not tell of all. */
export function totalOf(days: readonly Day[], from: string, to: string) {
  const first = days[0]?.date;
  if (first === undefined || from < first || from >= to) return undefined;
  const inside = days.filter(({ date }) => date >= from && date < to);
  const total = (values: (number | null)[]) =>
    values.some((value) => value === null)
      ? null
      : values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  return {
    operations: total(inside.map(({ operations }) => operations)),
    credits: total(inside.map(({ credits }) => credits)),
  };
}
