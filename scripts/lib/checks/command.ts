import { availableParallelism } from "node:os";
import { UsageError } from "../args.ts";
import { inParallel } from "../parallel.ts";
import { messageOf } from "../unknown.ts";
import { type Check, fixOrder, type Outcome } from "./checks.ts";

export interface CheckOptions {
  checks: Check[];
  /** Groups to run; empty runs all. */
  only: string[];
  fix: boolean;
  write: (line: string) => void;
}

function selectChecks(checks: Check[], only: string[]): Check[] {
  const groups = [...new Set(checks.map((check) => check.group))];
  const unknown = only.filter((name) => !groups.includes(name));
  if (unknown.length > 0) {
    throw new UsageError(`Unknown check: ${unknown.join(", ")}. Known: ${groups.join(", ")}`);
  }
  return only.length === 0 ? checks : checks.filter((check) => only.includes(check.group));
}

async function attempt(work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    return { ok: false, output: messageOf(error) };
  }
}

/** A line for what was done; what it printed only when it failed. */
async function timed(name: string, work: () => Promise<Outcome>, write: (line: string) => void) {
  const started = performance.now();
  const { ok, output } = await attempt(work);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  write(`${ok ? "ok    " : "FAILED"} ${name}  ${seconds} s`);
  if (!ok) write(`${output.trimEnd()}\nend of ${name}`);
  return ok;
}

async function applyFixes(checks: Check[], write: (line: string) => void): Promise<void> {
  for (const group of fixOrder) {
    for (const { name, fix } of checks.filter((check) => check.group === group)) {
      if (fix) await timed(`fix ${name}`, fix, write);
    }
  }
}

/** What mends the others is in what they print. */
const cureOf = ({ group, fix }: Check): string =>
  fix ? `: "pnpm check --fix --only ${group}" repairs what it can` : "";

/** Runs the checks, all of them whatever fails, and prints how it went; true when all passed. */
export async function checkCommand(options: CheckOptions): Promise<boolean> {
  const { only, fix, write } = options;
  const checks = selectChecks(options.checks, only);
  if (fix) await applyFixes(checks, write);
  const results = await inParallel(checks, availableParallelism(), async (check) => ({
    check,
    ok: await timed(check.name, () => check.run(), write),
  }));
  const failed = results.filter((result) => !result.ok);
  for (const { check } of failed) write(`failed   ${check.name}${cureOf(check)}`);
  write(`${results.length - failed.length} passed, ${failed.length} failed`);
  return failed.length === 0;
}
