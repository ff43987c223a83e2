import { DIRECT } from "../targets/gateway.ts";
import type { HttpCase } from "./http-table.ts";
import { type Era, revisions } from "./messages.ts";
import { figure, type Table, times } from "./report.ts";
import { ratio } from "./stats.ts";

/** One table for each era and concurrency: what a call costs behind each gateway, and how many times the direct one. */
export function gatewayTables(cases: readonly HttpCase[]): Table[] {
  const kinds = new Map(
    cases.map(({ era, concurrency }) => [`${era} ${concurrency}`, { era, concurrency }]),
  );
  return [...kinds.values()].map(({ era, concurrency }) =>
    tableOf(
      era,
      concurrency,
      cases.filter((one) => one.era === era && one.concurrency === concurrency),
    ),
  );
}

function tableOf(era: Era, concurrency: number, cases: readonly HttpCase[]): Table {
  const direct = cases.find(({ target }) => target === DIRECT);
  const over = (one: HttpCase, read: (one: HttpCase) => number) =>
    times(direct && ratio(read(one), read(direct)));
  return {
    title: `tools/call, ${concurrency} at once, client of ${revisions[era]}`,
    head: [
      "way",
      "CPU, x direct",
      "p50, x direct",
      "CPU, us (least)",
      "p50, ms",
      "p95, ms",
      "requests/s",
      "processes",
      "RSS, MiB",
    ],
    rows: cases.map((one) => [
      one.target,
      over(one, ({ cpuUs }) => cpuUs),
      over(one, ({ p50Ms }) => p50Ms),
      `${figure(one.cpuUs)} (${figure(one.leastCpuUs)})`,
      figure(one.p50Ms),
      figure(one.p95Ms),
      figure(one.perSecond),
      String(one.processes),
      figure(one.rssMb),
    ]),
  };
}
