import type { MetricsSources } from "./metrics.ts";

/** The metrics, whose library is loaded when they are first asked for. */
export function lazyMetrics(sources: MetricsSources) {
  let made: Promise<() => Promise<{ type: string; text: string }>> | undefined;
  return async () => {
    made ??= import("./metrics.ts").then(({ createMetrics }) => createMetrics(sources));
    return (await made)();
  };
}
