// Copied from shared/core/health.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { IntervalHistogram } from "node:perf_hooks";
import { perfHooks } from "./builtin.ts";
import type { HealthReport, HealthStatus } from "./contract.ts";
import { mask } from "./mask.ts";

const NANOSECONDS_PER_MS = 1e6;
const RESOLUTION_MS = 20;
/** Milliseconds that one check may take before it counts as failing. */
export const CHECK_TIMEOUT_MS = 5_000;

let delay: IntervalHistogram | undefined;

/** The event loop is watched from the first question on, because watching wakes an idle process. */
function eventLoopDelay(): HealthReport["eventLoopDelay"] {
  if (!delay) {
    delay = perfHooks().monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    delay.enable();
    return { p99Ms: 0, maxMs: 0 };
  }
  const ms = (nanoseconds: number) =>
    Math.max(0, Math.round(nanoseconds / NANOSECONDS_PER_MS - RESOLUTION_MS));
  return { p99Ms: ms(delay.percentile(99)), maxMs: ms(delay.max) };
}

export type NamedCheck = readonly [name: string, run: () => void | Promise<void>];

async function runCheck(
  [name, run]: NamedCheck,
  secrets: readonly string[],
): Promise<HealthReport["checks"][number]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer in ${CHECK_TIMEOUT_MS} ms`)),
      CHECK_TIMEOUT_MS,
    );
  });
  try {
    await Promise.race([run(), late]);
    return { name, status: "ok" };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { name, status: "failing", message: mask(message, secrets) };
  } finally {
    clearTimeout(timer);
  }
}

export interface HealthSource {
  name: string;
  version: string;
  startedAt: number;
  callsInFlight: number;
  checks: readonly NamedCheck[];
  secrets: readonly string[];
}

export async function healthReport(source: HealthSource, now: Date): Promise<HealthReport> {
  const { rss, heapUsed } = process.memoryUsage();
  const checks = await Promise.all(source.checks.map((check) => runCheck(check, source.secrets)));
  const status: HealthStatus = checks.every((check) => check.status === "ok") ? "ok" : "failing";
  return {
    status,
    name: source.name,
    version: source.version,
    uptimeSeconds: Math.round((now.getTime() - source.startedAt) / 1000),
    memory: { rssBytes: rss, heapUsedBytes: heapUsed },
    eventLoopDelay: eventLoopDelay(),
    callsInFlight: source.callsInFlight,
    checks,
  };
}
