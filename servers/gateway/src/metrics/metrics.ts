import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Listeners } from "#shared/mcp/listeners.ts";
import type { Activity } from "../activity/activity.ts";
import { CALL_ERAS, OUTCOMES } from "../activity/counts.ts";
import { BOUNDS_MS, type Histogram } from "../activity/histogram.ts";
import { isServing, type Mount } from "../mounts/mount.ts";
import type { Pins } from "../pins/pins.ts";

export interface MetricsSources {
  activity: Activity;
  mounts: () => readonly Mount[];
  pins: Pins | undefined;
  listeners: Pick<Listeners, "open">;
}

const SECOND_MS = 1_000;
const TOOL_LABELS = ["server", "tool"] as const;

/**
 * What Prometheus reads. The numbers are those of the activity, written out when they are asked for: a
 * call costs nothing for them. Labels are names of servers and tools that there are, so they are few.
 */
export function createMetrics(sources: MetricsSources) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  callMetrics(registry, sources);
  mountMetrics(registry, sources);
  registry.registerMetric(durationMetric(sources.activity) as never);
  return async () => ({ type: registry.contentType, text: await registry.metrics() });
}

function callMetrics(registry: Registry, sources: MetricsSources): void {
  const { activity, pins, listeners } = sources;
  const registers = [registry];
  new Counter({
    name: "mcp_tool_calls_total",
    help: "Tool calls by how they ended",
    labelNames: [...TOOL_LABELS, "outcome", "era"],
    registers,
    collect() {
      this.reset();
      for (const { server, tool, method, ended } of activity.all())
        if (method === "tools/call")
          for (const era of CALL_ERAS)
            for (const outcome of OUTCOMES)
              if (ended[era][outcome] > 0)
                this.inc({ server, tool, outcome, era }, ended[era][outcome]);
    },
  });
  new Counter({
    name: "mcp_requests_total",
    help: "Requests that reached a server, by method and how they ended",
    labelNames: ["server", "method", "outcome"],
    registers,
    collect() {
      this.reset();
      for (const { server, method, ended } of activity.all())
        for (const outcome of OUTCOMES) {
          const count = ended.legacy[outcome] + ended.modern[outcome];
          if (count > 0) this.inc({ server, method, outcome }, count);
        }
    },
  });
  new Counter({
    name: "mcp_tool_request_characters_total",
    help: "Characters of the arguments that tools were called with, about",
    labelNames: TOOL_LABELS,
    registers,
    collect() {
      this.reset();
      for (const { server, tool, asked } of activity.all())
        if (asked > 0) this.inc({ server, tool }, asked);
    },
  });
  new Counter({
    name: "mcp_tool_response_characters_total",
    help: "Characters of the content that tools answered with",
    labelNames: TOOL_LABELS,
    registers,
    collect() {
      this.reset();
      for (const { server, tool, answered } of activity.all())
        if (answered > 0) this.inc({ server, tool }, answered);
    },
  });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge("mcp_inflight", "Requests that servers work on", () => activity.inFlight);
  gauge("mcp_listen_streams", "Streams of changes that are open", () => listeners.open);
  gauge(
    "mcp_definitions_held",
    "Definitions that wait for approval",
    () => pins?.held().length ?? 0,
  );
  const events = (name: string, help: string, kind: Parameters<Activity["eventTotal"]>[0]) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(activity.eventTotal(kind));
      },
    });
  events("mcp_definition_drift_total", "Definitions that were held back", "definition.held");
  events("mcp_auth_failures_total", "Credentials that were refused", "auth.fail");
  new Counter({
    name: "mcp_audit_lost_total",
    help: "Lines of the audit log that were lost",
    registers,
    collect() {
      this.reset();
      this.inc(activity.auditLost);
    },
  });
  events("mcp_limits_local_total", "Times that Redis was lost", "limits.local");
}

function mountMetrics(registry: Registry, { mounts }: MetricsSources): void {
  const registers = [registry];
  new Gauge({
    name: "mcp_mount_up",
    help: "Whether calls reach the server",
    labelNames: ["server", "state"],
    registers,
    collect() {
      this.reset();
      for (const { name: server, status } of mounts())
        this.set({ server, state: status.state }, isServing(status) ? 1 : 0);
    },
  });
  new Counter({
    name: "mcp_mount_restarts_total",
    help: "Times that the server was opened after the first",
    labelNames: ["server"],
    registers,
    collect() {
      this.reset();
      for (const { name: server, starts } of mounts())
        this.inc({ server }, Math.max(0, starts - 1));
    },
  });
}

/** A histogram of prom-client counts by itself; here is one that was counted already. */
function durationMetric(activity: Activity) {
  const name = "mcp_tool_duration_seconds";
  const value = (metricName: string, labels: object, number: number) => ({
    metricName,
    labels,
    value: number,
  });
  return {
    name,
    help: "Seconds that tool calls took",
    type: "histogram",
    labelNames: TOOL_LABELS,
    aggregator: "sum",
    reset: () => {},
    get: async () => ({
      name,
      help: "Seconds that tool calls took",
      type: "histogram",
      aggregator: "sum",
      values: [...activity.all()]
        .filter(({ method, durations }) => method === "tools/call" && durations.count > 0)
        .flatMap(({ server, tool, durations }) => {
          const labels = { server, tool };
          return [
            ...cumulative(durations).map(([le, count]) =>
              value(`${name}_bucket`, { ...labels, le }, count),
            ),
            value(`${name}_sum`, labels, durations.sumMs / SECOND_MS),
            value(`${name}_count`, labels, durations.count),
          ];
        }),
    }),
  };
}

function cumulative({ buckets }: Histogram): [le: string, count: number][] {
  let sum = 0;
  return [...buckets].map((inside, index) => {
    sum += inside;
    const bound = BOUNDS_MS[index];
    return [bound === undefined ? "+Inf" : String(bound / SECOND_MS), sum];
  });
}
