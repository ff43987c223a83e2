import { countsOf, sumTallies, type Tally } from "../lib/suites/tally.ts";
import { startBridge } from "./bridge.ts";
import { type Running, startHttpFixture } from "./fixture.ts";
import { runSuite } from "./suite.ts";

interface ConformanceRun {
  name: string;
  revision: string;
  start(): Promise<Running>;
}

const runs: ConformanceRun[] = [
  { name: "2025-11-25 over HTTP", revision: "2025-11-25", start: startHttpFixture },
  { name: "2025-11-25 over stdio", revision: "2025-11-25", start: startBridge },
  { name: "2026-07-28 over HTTP", revision: "2026-07-28", start: startHttpFixture },
  { name: "2026-07-28 over stdio", revision: "2026-07-28", start: startBridge },
];

/** Scenarios that each revision requires; fewer in a report mean that the suite did not finish. */
const REQUIRED: Record<string, number> = { "2025-11-25": 30, "2026-07-28": 37 };

export interface ConformOptions {
  verbose: boolean;
  write(line: string): void;
}

/** Prints one line a run; the sum counts scenarios. */
export async function conform({ verbose, write }: ConformOptions): Promise<Tally> {
  const tallies: Tally[] = [];
  for (const { name, revision, start } of runs) {
    const server = await start();
    const report = await runSuite(server.url, revision).finally(() => server.close());
    const total = report.passed.length + report.failed.length;
    const missing = Math.max(0, (REQUIRED[revision] ?? 0) - total);
    const failed = report.failed.length + missing;
    const tally = { passed: report.passed.length, failed, skipped: [] };
    tallies.push(tally);
    write(`${failed === 0 ? "ok    " : "FAILED"} ${name}  ${countsOf(tally)}`);
    for (const scenario of report.failed) write(`failed   ${name} > ${scenario}`);
    if (missing > 0) write(`failed   ${name}: ${missing} scenarios did not run`);
    if (verbose || failed > 0) write(report.output);
  }
  return sumTallies(tallies);
}
