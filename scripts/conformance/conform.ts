import { countsOf, sumTallies, type Tally } from "../lib/suites/tally.ts";
import { startBridge } from "./bridge.ts";
import { type Running, startHttpFixture } from "./fixture.ts";
import { runSuite } from "./suite.ts";

interface ConformanceRun {
  name: string;
  revision: string;
  start(): Promise<Running>;
  /** Scenarios that the design refuses, by name; one that passes all the same is a failure. */
  refused: readonly string[];
}

/**
 * Over HTTP a client of 2025-11-25 would have to be asked on one request and answer on another, and
 * no state is kept between requests. The tool error that stands in for the question is tested with
 * shared/; the same scenarios pass over stdio, and in the other form as of 2026-07-28.
 */
const NEEDS_A_SESSION = [
  "tools-call-sampling",
  "tools-call-elicitation",
  "elicitation-sep1034-defaults",
  "elicitation-sep1330-enums",
];

const runs: ConformanceRun[] = [
  {
    name: "2025-11-25 over HTTP",
    revision: "2025-11-25",
    start: startHttpFixture,
    refused: NEEDS_A_SESSION,
  },
  { name: "2025-11-25 over stdio", revision: "2025-11-25", start: startBridge, refused: [] },
  { name: "2026-07-28 over HTTP", revision: "2026-07-28", start: startHttpFixture, refused: [] },
  { name: "2026-07-28 over stdio", revision: "2026-07-28", start: startBridge, refused: [] },
];

/** Scenarios that each revision requires; fewer in a report mean that the suite did not finish. */
const REQUIRED: Record<string, number> = { "2025-11-25": 30, "2026-07-28": 37 };

export interface ConformOptions {
  verbose: boolean;
  write(line: string): void;
}

/** Prints one line a run, and the sum; true when every required scenario passed. */
export async function conform({ verbose, write }: ConformOptions): Promise<boolean> {
  const tallies: Tally[] = [];
  for (const { name, revision, start, refused } of runs) {
    const server = await start();
    const report = await runSuite(server.url, revision).finally(() => server.close());
    const passed = report.passed.filter((scenario) => !refused.includes(scenario));
    const skipped = report.failed.filter((scenario) => refused.includes(scenario));
    const total = report.passed.length + report.failed.length;
    const missing = Math.max(0, (REQUIRED[revision] ?? 0) - total);
    const tally = {
      passed: passed.length,
      failed: total - passed.length - skipped.length,
      skipped,
    };
    tally.failed += missing;
    tallies.push(tally);
    write(`${tally.failed === 0 ? "ok    " : "FAILED"} ${name}  ${countsOf(tally)}`);
    for (const scenario of skipped) write(`skipped  ${name} > ${scenario}: needs a session`);
    for (const scenario of report.failed)
      if (!refused.includes(scenario)) write(`failed   ${name} > ${scenario}`);
    for (const scenario of report.passed)
      if (refused.includes(scenario)) write(`failed   ${name} > ${scenario} is not refused`);
    if (missing > 0) write(`failed   ${name}: ${missing} scenarios did not run`);
    if (verbose || tally.failed > 0) write(report.output);
  }
  const sum = sumTallies(tallies);
  write(countsOf(sum));
  return sum.failed === 0;
}
