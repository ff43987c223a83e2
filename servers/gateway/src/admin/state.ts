import type { Activity, RecentCall } from "../activity/activity.ts";
import type { TimedEvent } from "../activity/events.ts";
import type { SecondOfCalls } from "../activity/series.ts";
import type { Mount, MountState } from "../mounts/mount.ts";
import type { HeldDefinition, Pins } from "../pins/pins.ts";

export interface ServerState {
  name: string;
  title: string;
  version: string;
  state: MountState;
  /** Why it is not ready, for the operator. */
  reason?: string;
  /** Milliseconds since the epoch. */
  retryAt?: number;
  /** Since when it has this state, in milliseconds since the epoch. */
  since: number;
  required: boolean;
  restarts: number;
  callsInFlight: number;
  tools: number;
  calls: number;
  errors: number;
  p50Ms: number | null;
  p95Ms: number | null;
}

/** All that an operator sees at once. Times are milliseconds since the epoch; lists are oldest first. */
export interface GatewayState {
  now: number;
  startedAt: number;
  inFlight: number;
  servers: ServerState[];
  series: SecondOfCalls[];
  calls: RecentCall[];
  events: TimedEvent[];
  held: HeldDefinition[];
}

export interface StateSources {
  activity: Activity;
  mounts: () => readonly Mount[];
  pins: Pins | undefined;
}

/** `seconds` is how much of the series there shall be. */
export function gatewayState(
  { activity, mounts, pins }: StateSources,
  now: number,
  seconds?: number,
): GatewayState {
  return {
    now,
    startedAt: activity.startedAt,
    inFlight: activity.inFlight,
    servers: mounts().map((mount) => serverState(mount, activity)),
    series: activity.series.list(now, seconds),
    calls: activity.recentCalls(),
    events: activity.recentEvents(),
    held: pins?.held() ?? [],
  };
}

function serverState(mount: Mount, activity: Activity): ServerState {
  const { name, status, required, starts, callsInFlight, catalogue } = mount;
  const all = activity.countsOfServer(name);
  const { title, version, tools } = catalogue;
  return {
    name,
    title,
    version,
    ...status,
    since: activity.stateSince(name) ?? activity.startedAt,
    required,
    restarts: Math.max(0, starts - 1),
    callsInFlight,
    tools: tools.length,
    calls: all.calls,
    errors: all.errors,
    p50Ms: all.durations.quantile(0.5),
    p95Ms: all.durations.quantile(0.95),
  };
}
