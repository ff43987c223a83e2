import { isRecord } from "../unknown.ts";

/** What one suite did, by the names of its tests where they matter. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: string[];
}

/** Why a suite that exited badly counts as failed though no test of it did. */
export interface SuiteTally extends Tally {
  reason?: string;
}

function countFile(file: Record<string, unknown>, tally: Tally): void {
  const assertions = Array.isArray(file.assertionResults) ? file.assertionResults : [];
  let failures = 0;
  for (const assertion of assertions) {
    if (!isRecord(assertion)) continue;
    if (assertion.status === "passed") tally.passed += 1;
    else if (assertion.status === "failed") failures += 1;
    else tally.skipped.push(String(assertion.fullName ?? assertion.title).trim());
  }
  // A file that does not load, or whose hook throws, fails without any failed test in it.
  if (file.status === "failed" && failures === 0) failures = 1;
  tally.failed += failures;
}

/**
 * Counts a suite from vitest's JSON report (undefined when it wrote none) and its exit code.
 * A suite never counts as nothing: a crash or a suite without a test that ran is one failure.
 */
export function tallySuite(report: unknown, exitCode: number | null): SuiteTally {
  const tally: Tally = { passed: 0, failed: 0, skipped: [] };
  const files = isRecord(report) ? report.testResults : undefined;
  if (!Array.isArray(files)) {
    return { ...tally, failed: 1, reason: `ended with ${exitCode ?? "a signal"} and no report` };
  }
  for (const file of files) if (isRecord(file)) countFile(file, tally);
  if (tally.passed + tally.failed === 0) return { ...tally, failed: 1, reason: "ran no test" };
  if (exitCode !== 0 && tally.failed === 0) {
    const reason = `every test passed, but it ended with ${exitCode ?? "a signal"}`;
    return { ...tally, failed: 1, reason };
  }
  return tally;
}

export function sumTallies(tallies: Tally[]): Tally {
  return {
    passed: tallies.reduce((sum, tally) => sum + tally.passed, 0),
    failed: tallies.reduce((sum, tally) => sum + tally.failed, 0),
    skipped: tallies.flatMap((tally) => tally.skipped),
  };
}

export function countsOf({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped.length} skipped`;
}
