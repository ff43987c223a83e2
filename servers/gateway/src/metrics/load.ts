import { performance } from "node:perf_hooks";
import type { Activity } from "../activity/activity.ts";

/** The share of time that the event loop works from which on one more gateway is wanted, and that below which one less does. */
export const BUSY = 0.7;
export const IDLE = 0.2;

/** How much a gateway has to do, for whatever decides how many there are. */
export interface Load {
  /** Share of the time since it was last asked that the event loop worked, from 0 to 1. */
  eventLoopUtilization: number;
  rssBytes: number;
  heapUsedBytes: number;
  callsInFlight: number;
  /** Whether more gateways are wanted, or fewer would do. */
  advice: "up" | "steady" | "down";
}

export function loadReader(activity: Activity): () => Load {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    const { rss, heapUsed } = process.memoryUsage();
    return {
      eventLoopUtilization: utilization,
      rssBytes: rss,
      heapUsedBytes: heapUsed,
      callsInFlight: activity.inFlight,
      advice: utilization > BUSY ? "up" : utilization < IDLE ? "down" : "steady",
    };
  };
}
