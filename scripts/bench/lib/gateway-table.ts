import { DIRECT, PLAIN, PRODUCTION } from "../targets/gateway.ts";
import { FLOOR } from "../targets/http.ts";
import { cpuCell, type HttpCase } from "./http-table.ts";
import { type Era, revisions } from "./messages.ts";
import { figure, type Table, times } from "./report.ts";
import { pairedDifference, pairedRatio, ratio } from "./stats.ts";

interface Kind {
  era: Era;
  concurrency: number;
  cases: readonly HttpCase[];
}

function kindsOf(cases: readonly HttpCase[]): Kind[] {
  const kinds = new Map(
    cases.map(({ era, concurrency }) => [`${era} ${concurrency}`, { era, concurrency }]),
  );
  return [...kinds.values()].map(({ era, concurrency }) => ({
    era,
    concurrency,
    cases: cases.filter((one) => one.era === era && one.concurrency === concurrency),
  }));
}

/**
 * One table for each era and concurrency: what a call costs behind each gateway, and how many times the
 * direct one. Then what all that is for production adds to a call through our own.
 */
export const gatewayTables = (cases: readonly HttpCase[]): Table[] => [
  ...kindsOf(cases).map(tableOf),
  productionTable(kindsOf(cases)),
];

const titleOf = ({ era, concurrency }: Kind) =>
  `${concurrency} at once, client of ${revisions[era]}`;

const cpuRoundsOf = ({ cases }: Kind, name: string): readonly number[] =>
  cases.find(({ target }) => target === name)?.cpuRounds ?? [];

const productionTable = (kinds: readonly Kind[]): Table => ({
  title: "What production adds: keys, limits, pins and the audit log",
  head: ["tools/call", "CPU, us a call more", "CPU, x without"],
  rows: kinds
    .map((kind) => ({
      kind,
      plain: cpuRoundsOf(kind, PLAIN),
      production: cpuRoundsOf(kind, PRODUCTION),
    }))
    .filter(({ plain, production }) => plain.length > 0 && production.length > 0)
    .map(({ kind, plain, production }) => [
      titleOf(kind),
      figure(pairedDifference(production, plain)),
      times(pairedRatio(production, plain)),
    ]),
});

function tableOf(kind: Kind): Table {
  const { cases } = kind;
  const direct = cases.find(({ target }) => target === DIRECT);
  const over = (one: HttpCase, name: string) =>
    times(pairedRatio(one.cpuRounds, cpuRoundsOf(kind, name)));
  return {
    title: `tools/call, ${titleOf(kind)}`,
    head: [
      "way",
      "CPU, x floor",
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
      over(one, FLOOR),
      over(one, DIRECT),
      times(direct && ratio(one.p50Ms, direct.p50Ms)),
      cpuCell(one),
      figure(one.p50Ms),
      figure(one.p95Ms),
      figure(one.perSecond),
      String(one.processes),
      figure(one.rssMb),
    ]),
  };
}
