import type { MakeCall } from "#shared/make-api/call.ts";
import type { Row } from "#shared/make-api/endpoints.ts";

export type Entry = Row<"GET /audit-logs/organization/{organizationId}">;

/** Who may do what, and with which credentials. */
const PRIVILEGED = /(role|user|invit|owner|sso|tfa|token|key|connection|certificate|credential)/;

interface Filter {
  organizationId: number;
  teamId?: number | undefined;
  events?: readonly string[] | undefined;
  author?: number | undefined;
  from?: number | undefined;
  to?: number | undefined;
}

/** Entries of the audit log, newest first; what Make lets through beside the filter is dropped. */
export async function readAudit(make: MakeCall, filter: Filter): Promise<Entry[]> {
  const { organizationId, teamId, events, author, from, to } = filter;
  const iso = (moment: number | undefined) =>
    moment === undefined ? undefined : new Date(moment).toISOString();
  const query = { "event[]": events && [...events], author, dateFrom: iso(from), dateTo: iso(to) };
  const rows =
    teamId === undefined
      ? await make.all("GET /audit-logs/organization/{organizationId}", {
          path: { organizationId },
          query,
        })
      : await make.all("GET /audit-logs/team/{teamId}", { path: { teamId }, query });
  return rows
    .filter(({ eventName, actor, triggeredAt }) => {
      const at = Date.parse(triggeredAt);
      return (
        (events === undefined || events.includes(eventName)) &&
        (author === undefined || actor?.id === author) &&
        at >= (from ?? 0) &&
        at <= (to ?? Number.POSITIVE_INFINITY)
      );
    })
    .sort((a, b) => Date.parse(b.triggeredAt) - Date.parse(a.triggeredAt));
}

interface Hours {
  /** Working hours in UTC, from the first up to the second. */
  fromHour: number;
  toHour: number;
}

/** Counts, and what stands out; `before` are the entries of the same number of days before. */
export function summarizeAudit(entries: readonly Entry[], before: readonly Entry[], hours: Hours) {
  const known = new Set(before.map(({ actor }) => actor?.id ?? 0));
  const outOfHours = entries.filter(({ triggeredAt }) => {
    const at = new Date(triggeredAt);
    const hour = at.getUTCHours();
    const isWeekend = at.getUTCDay() === 0 || at.getUTCDay() === 6;
    return isWeekend || hour < hours.fromHour || hour >= hours.toHour;
  });
  const privileged = entries.filter(({ eventName }) => PRIVILEGED.test(eventName));
  return {
    entries: entries.length,
    byEvent: countBy(entries, ({ eventName }) => eventName),
    byActor: countBy(entries, ({ actor }) => actor?.name ?? "unknown"),
    outOfHours: {
      count: outOfHours.length,
      byActor: countBy(outOfHours, ({ actor }) => actor?.name ?? "unknown"),
    },
    privileged: {
      count: privileged.length,
      byEvent: countBy(privileged, ({ eventName }) => eventName),
    },
    // a log that does not reach back far enough knows nobody yet
    firstTimeActors:
      before.length === 0
        ? null
        : [
            ...new Set(
              entries
                .filter(({ actor }) => actor && !known.has(actor.id))
                .map(({ actor }) => actor?.name ?? String(actor?.id)),
            ),
          ],
  };
}

function countBy(entries: readonly Entry[], keyOf: (entry: Entry) => string) {
  const counts = new Map<string, number>();
  for (const entry of entries) counts.set(keyOf(entry), (counts.get(keyOf(entry)) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}
