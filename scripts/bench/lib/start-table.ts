import { figure, times } from "./report.ts";
import type { StartSample } from "./start-sample.ts";
import { median, ratio } from "./stats.ts";

export interface StartSummary extends Omit<StartSample, "failed"> {
  name: string;
  /** Times the floor of the same run. */
  listRatio: number;
  callRatio: number;
  listCpuRatio: number;
  callCpuRatio: number;
  failed: boolean;
}

/** Medians of each, and how many times the floor's they are. */
export function summarize(
  samples: ReadonlyMap<string, readonly StartSample[]>,
  floorName: string,
): StartSummary[] {
  const floor = mediansOf(samples.get(floorName) ?? []);
  return [...samples].map(([name, all]) => {
    const own = mediansOf(all);
    return {
      name,
      ...own,
      listRatio: ratio(own.listMs, floor.listMs),
      callRatio: ratio(own.callMs, floor.callMs),
      listCpuRatio: ratio(own.listCpuMs, floor.listCpuMs),
      callCpuRatio: ratio(own.callCpuMs, floor.callCpuMs),
      failed: all.some(({ failed }) => failed),
    };
  });
}

function mediansOf(samples: readonly StartSample[]): Omit<StartSample, "failed"> {
  const of = (read: (sample: StartSample) => number) => median(samples.map(read));
  return {
    listMs: of((one) => one.listMs),
    callMs: of((one) => one.callMs),
    listCpuMs: of((one) => one.listCpuMs),
    callCpuMs: of((one) => one.callCpuMs),
    peakMb: of((one) => one.peakMb),
  };
}

export function startTable(summaries: readonly StartSummary[]) {
  return {
    head: [
      "server",
      "list, x floor",
      "first call, x floor",
      "list CPU, x floor",
      "first call CPU, x floor",
      "list, ms",
      "first call, ms",
      "list CPU, ms",
      "first call CPU, ms",
      "peak at list, MiB",
    ],
    rows: summaries.map((one) => [
      one.failed ? `${one.name} (its call failed)` : one.name,
      times(one.listRatio),
      times(one.callRatio),
      times(one.listCpuRatio),
      times(one.callCpuRatio),
      figure(one.listMs),
      figure(one.callMs),
      figure(one.listCpuMs),
      figure(one.callCpuMs),
      figure(one.peakMb),
    ]),
  };
}
