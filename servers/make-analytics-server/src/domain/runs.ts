import type { LogRow, MakeCall } from "#shared/make-api/call.ts";
import { PAGE_SIZE } from "#shared/make-api/paging.ts";
import { type Scenario, scan } from "#shared/make-api/scan.ts";
import { creditsOf } from "./credits.ts";
import type { Period } from "./period.ts";
import { percentile, round, sum } from "./statistics.ts";

/** A row of the log that is a run: with a status and a duration. Starts, stops and changes are none. */
export interface Run {
  row: LogRow;
  /** Milliseconds since 1970. */
  at: number;
  /** 1 success, 2 warning, 3 error. */
  status: 1 | 2 | 3;
  /** Milliseconds. */
  duration: number;
  credits: number | null;
}

/** Log rows of one scenario that are read where only their number counts. */
export const MAX_COUNTED_RUNS = 2_000;
export const WARNING = 2;
export const ERROR = 3;

export function runsOf(rows: readonly LogRow[]): Run[] {
  return rows.flatMap((row) => {
    const { status, duration, centicredits, timestamp } = row;
    if (status == null || duration == null) return [];
    const credits = creditsOf(centicredits);
    return [{ row, at: Date.parse(timestamp), status, duration, credits }];
  });
}

export interface RunsOf {
  scenario: Scenario;
  runs: Run[];
  /** There were more than were read. */
  more: boolean;
}

/** The runs of scenarios in a period, newest first, at most `maxRuns` of each. */
export async function readRuns(
  make: MakeCall,
  scenarios: readonly Scenario[],
  { period, maxRuns, maxCalls }: { period: Period; maxRuns: number; maxCalls?: number | undefined },
): Promise<RunsOf[]> {
  // the end of a log is a page without rows
  const callsEach = Math.ceil(maxRuns / PAGE_SIZE) + 1;
  return await scan(
    make,
    scenarios,
    async (scenario) => {
      const { rows, more } = await make.logs(scenario.id, { ...period, max: maxRuns });
      if (more)
        make.missing({
          part: `runs of scenario ${scenario.id}`,
          reason: "size",
          need: `only the newest ${maxRuns} log rows are read`,
        });
      return { scenario, runs: runsOf(rows), more };
    },
    { what: "logs", maxCalls, callsEach },
  );
}

/** Figures of runs; percentiles by nearest rank, rates as shares of 1, null where there is no run. */
export function summarize(runs: readonly Run[]) {
  const durations = runs.map(({ duration }) => duration);
  const credits = runs.flatMap((run) => (run.credits === null ? [] : [run.credits]));
  const share = (status: number) =>
    runs.length === 0
      ? null
      : round(runs.filter((run) => run.status === status).length / runs.length, 4);
  return {
    runs: runs.length,
    p50Ms: percentile(durations, 50),
    p95Ms: percentile(durations, 95),
    maxMs: durations.length === 0 ? null : Math.max(...durations),
    errorRate: share(ERROR),
    warningRate: share(WARNING),
    credits: round(sum(credits)),
    creditsPerRun: credits.length === 0 ? null : round(sum(credits) / credits.length),
    firstRun: runs.at(-1)?.row.timestamp ?? null,
    lastRun: runs[0]?.row.timestamp ?? null,
  };
}
