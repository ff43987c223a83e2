import { type Era, eras } from "../standalone/answers.ts";
import { isRecord } from "../unknown.ts";

export interface LoadReport {
  calls: number;
  /** What went wrong, in words. */
  failures: string[];
  /** Milliseconds of each call that was answered. */
  times: number[];
}

/**
 * Adds numbers by so many callers, half of each era, until told to stop. Every sum is looked at: an
 * answer that is somebody else's would be a failure too.
 */
export function addUnderLoad(url: string, callers: number): () => Promise<LoadReport> {
  const report: LoadReport = { calls: 0, failures: [], times: [] };
  let stopped = false;

  async function call(era: Era, a: number, b: number): Promise<void> {
    const started = performance.now();
    try {
      const result = await era.call(era.connectHttp(url), "add", { a, b });
      const { structuredContent } = result;
      const said = isRecord(structuredContent) ? Object.values(structuredContent) : [];
      if (!said.map(String).includes(String(a + b))) {
        report.failures.push(`${a} + ${b}: ${JSON.stringify(structuredContent)}`);
      }
      report.times.push(performance.now() - started);
    } catch (error) {
      const cause = error instanceof Error && error.cause ? ` (${String(error.cause)})` : "";
      report.failures.push(`${era.version}: ${String(error)}${cause}`);
    }
    report.calls++;
  }

  async function run(caller: number): Promise<void> {
    const era = eras[caller % eras.length];
    for (let turn = 0; era && !stopped; turn++) await call(era, caller, turn);
  }

  const running = Promise.all(Array.from({ length: callers }, (_, caller) => run(caller)));
  return async () => {
    stopped = true;
    await running;
    return report;
  };
}

/** The value below which this share of them lies; they are at least one. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
