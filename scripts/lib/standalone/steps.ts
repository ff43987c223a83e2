import type { Tally } from "../suites/tally.ts";
import { messageOf } from "../unknown.ts";

export interface Step {
  name: string;
  /** Throws when it fails; the message is shown whole. */
  run(): Promise<void> | void;
}

/**
 * Runs the steps in order, one line each. After a failure the rest of them could only fail too, so
 * they are skipped, and named.
 */
export async function runSteps(
  label: string,
  steps: Step[],
  write: (line: string) => void,
): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0, skipped: [] };
  for (const step of steps) {
    const name = `${label}  ${step.name}`;
    if (tally.failed > 0) {
      tally.skipped.push(name);
      continue;
    }
    const started = performance.now();
    const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
    try {
      await step.run();
      tally.passed += 1;
      write(`ok      ${name}  ${seconds()}`);
    } catch (error) {
      tally.failed += 1;
      write(`FAILED  ${name}  ${seconds()}\n${messageOf(error).trimEnd()}`);
    }
  }
  for (const name of tally.skipped) write(`skipped ${name}`);
  return tally;
}
