import type { ListSample } from "./list-sample.ts";
import { figure, times } from "./report.ts";
import { median, ratio } from "./stats.ts";

export interface ListSummary extends ListSample {
  name: string;
  /** Times the floor of the same run. */
  listRatio: number;
}

/** Medians of each, and how many times the floor's the start is. */
export function summarizeLists(
  samples: ReadonlyMap<string, readonly ListSample[]>,
  floorName: string,
): ListSummary[] {
  const floor = mediansOf(samples.get(floorName) ?? []);
  return [...samples].map(([name, all]) => {
    const own = mediansOf(all);
    return { name, ...own, listRatio: ratio(own.listMs, floor.listMs) };
  });
}

function mediansOf(samples: readonly ListSample[]): ListSample {
  const of = (read: (sample: ListSample) => number) => median(samples.map(read));
  return {
    listMs: of((one) => one.listMs),
    peakMb: of((one) => one.peakMb),
    servingMb: of((one) => one.servingMb),
    processes: of((one) => one.processes),
    tools: of((one) => one.tools),
    bytes: of((one) => one.bytes),
  };
}

export function listTable(summaries: readonly ListSummary[]) {
  return {
    head: [
      "server",
      "list, x floor",
      "list, ms",
      "peak at list, MiB",
      "peak serving, MiB",
      "processes",
      "tools",
      "bytes of tools/list",
    ],
    rows: summaries.map((one) => [
      one.name,
      times(one.listRatio),
      figure(one.listMs),
      figure(one.peakMb),
      figure(one.servingMb),
      count(one.processes),
      count(one.tools),
      count(one.bytes),
    ]),
  };
}

const count = (value: number) => (Number.isNaN(value) ? "-" : value.toFixed(0));
