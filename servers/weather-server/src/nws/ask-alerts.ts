import type { Place } from "../places/place.ts";
import type { Query } from "../upstream/address.ts";
import { type Alert, readAlerts } from "./alerts.ts";
import type { Nws } from "./client.ts";
import { asNotCovered, requireCovered } from "./coverage.ts";

export interface AlertsQuestion {
  /** One locator: the host takes no second one. */
  query: Query;
  place?: Place | undefined;
}

/** The locator of a place. Errors: NOT_FOUND outside the United States. */
export function alertsAt(place: Place): AlertsQuestion {
  requireCovered(place);
  // the host refuses more than four decimals
  const point = [place.latitude, place.longitude].map((value) => Number(value.toFixed(4)));
  return { query: { point: point.join(",") }, place };
}

/** Alerts in force, the gravest first. */
export async function askAlerts(
  { query, place }: AlertsQuestion,
  { nws, signal, now }: { nws: Nws; signal: AbortSignal; now: Date },
): Promise<{ alerts: Alert[]; recordedAt: string | undefined }> {
  const { body, recordedAt } = await nws
    .ask("/alerts/active", { ...query, status: "actual" }, { signal })
    .catch((error: unknown) => {
      throw place ? asNotCovered(error, place) : error;
    });
  // of a replay, those that were in force when it was recorded
  const at = recordedAt === undefined ? now : new Date(recordedAt);
  return { alerts: readAlerts(body, at), recordedAt };
}
