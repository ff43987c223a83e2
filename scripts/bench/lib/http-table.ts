import { FLOOR } from "../targets/http.ts";
import { type Era, revisions } from "./messages.ts";
import { figure, type Table, times } from "./report.ts";
import { least, pairedRatio } from "./stats.ts";

/** Medians of the rounds; CPU, processes and memory are of the server with all it started. */
export interface HttpFigures {
  cpuUs: number;
  /** Of each turn of each round, so that what was measured beside each other can be compared. */
  cpuRounds: readonly number[];
  perSecond: number;
  p50Ms: number;
  p95Ms: number;
  processes: number;
  rssMb: number;
}

export interface HttpCase extends HttpFigures {
  target: string;
  tools: number;
  method: string;
  era: Era;
  concurrency: number;
}

type Kind = Pick<HttpCase, "tools" | "method" | "era">;

const sameKind = (a: Kind, b: Kind) =>
  a.tools === b.tools && a.method === b.method && a.era === b.era;

/** One table for each kind of request: a row a server, for each concurrency its ratio, CPU and rate. */
export function httpTables(cases: readonly HttpCase[]): Table[] {
  const kinds = cases.filter((one, at) => cases.findIndex((other) => sameKind(one, other)) === at);
  return kinds.map((kind) =>
    tableOf(
      kind,
      cases.filter((one) => sameKind(one, kind)),
    ),
  );
}

/**
 * Parts of a round's measurement, each in turn with those of the others: what is compared is measured
 * within a second, because what else the machine does changes from one second to the next.
 */
export const TURNS = 5;

/** How the figures came about, for the notes of a report. */
export const PAIRED = `All servers answer a kind of request in turn, round by round, after 20,000 requests each to get warm, to a client that never sleeps, because waking it would be counted; each round has ${TURNS} turns, and ratios and differences are medians of those within each turn`;

/** The median of the rounds, and the least. */
export const cpuCell = ({ cpuUs, cpuRounds }: HttpCase): string =>
  `${figure(cpuUs)} (${figure(least(cpuRounds))})`;

const unique = <T>(values: readonly T[]) => [...new Set(values)];

function tableOf({ tools, method, era }: Kind, cases: readonly HttpCase[]): Table {
  const concurrencies = unique(cases.map(({ concurrency }) => concurrency));
  const find = (target: string, concurrency: number) =>
    cases.find((one) => one.target === target && one.concurrency === concurrency);
  const ratioOf = (one: HttpCase | undefined) =>
    one && pairedRatio(one.cpuRounds, find(FLOOR, one.concurrency)?.cpuRounds ?? []);
  const cellsOf = (target: string, write: (one: HttpCase | undefined) => string) =>
    concurrencies.map((concurrency) => write(find(target, concurrency)));
  return {
    title: `${method}, ${tools} ${tools === 1 ? "tool" : "tools"}, client of ${revisions[era]}`,
    head: [
      "server",
      ...concurrencies.map((count) => `CPU at ${count}, x floor`),
      ...concurrencies.map((count) => `CPU at ${count}, us (least)`),
      ...concurrencies.map((count) => `at ${count}, requests/s`),
    ],
    rows: unique(cases.map(({ target }) => target)).map((target) => [
      target,
      ...cellsOf(target, (one) => times(ratioOf(one))),
      ...cellsOf(target, (one) => (one ? cpuCell(one) : "-")),
      ...cellsOf(target, (one) => figure(one?.perSecond)),
    ]),
  };
}
