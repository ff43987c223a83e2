import type { Answer, Row } from "./endpoints.ts";

export type Organization = Answer<"GET /organizations/{organizationId}">;
export type UsageDay = Row<"GET /organizations/{organizationId}/usage">;

const MS_A_DAY = 86_400_000;
const CENTI = 100;

/** Credits used of the plan in a period, and what it was read from. */
export interface PlanUsage {
  /** Make counts credits as hundredths; older accounts count operations only. */
  unit: "credits" | "operations";
  used: number;
  limit: number | null;
  left: number | null;
  periodStart: string | null;
  periodEnd: string | null;
}

/** What is used of the plan: `centicreditsConsumed` / 100, else `operations`. Extra packs come on top of the limit. */
export function planUsage(organization: Organization): PlanUsage {
  const { centicreditsConsumed, operations, license, operationsExt, centicreditsExtra } =
    organization;
  const unit = centicreditsConsumed == null ? "operations" : "credits";
  const used = centicreditsConsumed == null ? (operations ?? 0) : centicreditsConsumed / CENTI;
  const extra = unit === "credits" ? (centicreditsExtra ?? 0) / CENTI : (operationsExt ?? 0);
  const limit = license?.operations == null ? null : license.operations + extra;
  return {
    unit,
    used,
    limit,
    left: limit === null ? null : limit - used,
    periodStart: organization.lastReset ?? null,
    periodEnd: organization.nextReset ?? null,
  };
}

export interface Projection {
  /** At the end of the period, whole units. */
  projected: number;
  /** Of the limit, whole percent; null without a limit. */
  percentOfLimit: number | null;
  /** Whole days until the limit is reached, at this rate; null when it is not reached in the period. */
  daysLeft: number | null;
  runsOutAt: string | null;
  dailyRate: number;
  elapsedDays: number;
  periodDays: number;
}

/**
 * Use so far, drawn on to the end of the period: used / elapsed * period. Undefined when the period
 * is not known, or has not begun. Days are of 24 h, fractions count.
 */
export function projectLinear(usage: PlanUsage, now: Date): Projection | undefined {
  const span = periodOf(usage, now);
  if (!span) return undefined;
  const dailyRate = usage.used / span.elapsedDays;
  return { ...outlook(usage, span, dailyRate, now), dailyRate: round(dailyRate), ...rounded(span) };
}

interface Span {
  elapsedDays: number;
  periodDays: number;
}

export function periodOf({ periodStart, periodEnd }: PlanUsage, now: Date): Span | undefined {
  if (periodStart === null || periodEnd === null) return undefined;
  const [start, end] = [Date.parse(periodStart), Date.parse(periodEnd)];
  const elapsedDays = (Math.min(now.getTime(), end) - start) / MS_A_DAY;
  return elapsedDays > 0 && end > start
    ? { elapsedDays, periodDays: (end - start) / MS_A_DAY }
    : undefined;
}

/** Where a rate a day leads. */
function outlook(
  usage: PlanUsage,
  { elapsedDays, periodDays }: Span,
  dailyRate: number,
  now: Date,
) {
  const { used, limit, left } = usage;
  const restDays = periodDays - elapsedDays;
  const projected = used + dailyRate * restDays;
  const daysUntil = left === null || dailyRate <= 0 ? undefined : Math.max(0, left) / dailyRate;
  const isReached = daysUntil !== undefined && daysUntil <= restDays;
  return {
    projected: Math.round(projected),
    percentOfLimit: limit ? Math.round((projected / limit) * 100) : null,
    daysLeft: isReached ? Math.floor(daysUntil) : null,
    runsOutAt: isReached ? new Date(now.getTime() + daysUntil * MS_A_DAY).toISOString() : null,
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;
const rounded = ({ elapsedDays, periodDays }: Span): Span => ({
  elapsedDays: round(elapsedDays),
  periodDays: round(periodDays),
});
