import { type PlanUsage, projectLinear } from "#shared/make-api/usage.ts";
import { MS_A_DAY } from "./period.ts";
import { deviation, mean } from "./statistics.ts";
import { amountOf, type Day, dateOf, weekdayOf } from "./usage-days.ts";

/** Of the normal distribution: 95 of 100 outcomes lie inside. */
const Z95 = 1.96;

interface Outcome extends Record<string, unknown> {
  projected: number;
  percentOfLimit: number | null;
  /** 95 %, from the spread of the daily values. */
  low: number;
  high: number;
  daysLeft: number | null;
  runsOutAt: string | null;
}

/** Both ways to draw the use on to the end of the period; undefined where Make names no period. */
export function projectUsage(usage: PlanUsage, days: readonly Day[], now: Date) {
  const linear = projectLinear(usage, now);
  if (!linear || usage.periodEnd === null) return undefined;
  const restDays = linear.periodDays - linear.elapsedDays;
  const complete = days.filter(({ date }) => date < dateOf(now.getTime()));
  const spread = deviation(complete.map((day) => amountOf(day, usage.unit)));
  return {
    linear: { ...linear, ...range(linear.projected, spread, restDays) },
    weekday: projectWeekdays(usage, days, now),
  };
}

function range(projected: number, spread: number, restDays: number) {
  const margin = Z95 * spread * Math.sqrt(restDays);
  return { low: Math.round(projected - margin), high: Math.round(projected + margin) };
}

/**
 * Every day that is left takes the mean of its weekday over the complete days that Make tells of; of
 * today only what is not used yet. Undefined without a complete day.
 */
export function projectWeekdays(
  usage: PlanUsage,
  days: readonly Day[],
  now: Date,
): Outcome | undefined {
  const today = dateOf(now.getTime());
  const complete = days.filter(({ date }) => date < today);
  if (complete.length === 0 || usage.periodEnd === null) return undefined;
  const value = (day: Day) => amountOf(day, usage.unit);
  const overall = mean(complete.map(value));
  const expected = (date: string): number => {
    const same = complete.filter((day) => weekdayOf(day.date) === weekdayOf(date));
    return same.length === 0 ? overall : mean(same.map(value));
  };
  const usedToday = days.filter(({ date }) => date === today).reduce((n, day) => n + value(day), 0);
  const rest = restOf(now.getTime(), Date.parse(usage.periodEnd)).map(({ start, end, date }) => {
    const share = (end - start) / MS_A_DAY;
    const amount =
      date === today ? Math.max(0, expected(date) - usedToday) : expected(date) * share;
    return { start, end, amount };
  });
  const projected = usage.used + rest.reduce((total, { amount }) => total + amount, 0);
  const spread = deviation(complete.map((day) => value(day) - expected(day.date)));
  const out = runOut(usage.left, rest);
  return {
    projected: Math.round(projected),
    percentOfLimit: usage.limit ? Math.round((projected / usage.limit) * 100) : null,
    ...range(projected, spread, rest.length),
    daysLeft: out === undefined ? null : Math.floor((out - now.getTime()) / MS_A_DAY),
    runsOutAt: out === undefined ? null : new Date(out).toISOString(),
  };
}

/** What is left of today, and the days after it to the end of the period. */
function restOf(from: number, to: number) {
  const parts: { start: number; end: number; date: string }[] = [];
  for (let start = from; start < to; ) {
    const date = dateOf(start);
    const end = Math.min(to, Date.parse(`${date}T00:00:00Z`) + MS_A_DAY);
    parts.push({ start, end, date });
    start = end;
  }
  return parts;
}

/** When the rest is used up, milliseconds; inside a day its amount is spread evenly. */
function runOut(
  left: number | null,
  rest: readonly { start: number; end: number; amount: number }[],
): number | undefined {
  if (left === null) return undefined;
  let remaining = Math.max(0, left);
  for (const { start, end, amount } of rest) {
    if (amount > 0 && amount >= remaining)
      return Math.round(start + (end - start) * (remaining / amount));
    remaining -= amount;
  }
  return undefined;
}
