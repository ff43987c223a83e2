import { expect, test } from "vitest";
import { inspectable, inspectorIsInstalled, inspectServers } from "../conformance/inspector.ts";
import { readSummary, suiteIsInstalled } from "../conformance/suite.ts";
import { repositoryRoot } from "../lib/projects.ts";
import type { Tally } from "../lib/suites/tally.ts";

interface Conformance {
  conform(options: { verbose: boolean; write(line: string): void }): Promise<Tally>;
}

/** By a computed path, because it imports packages that are there only when the suite is. */
const bridged = "../conformance/conform.ts";
const conform = async (write: (line: string) => void) => {
  const { conform: run }: Conformance = await import(bridged);
  return run({ verbose: false, write });
};

/** It only ends what hangs: a hundred processes start, on a machine that may be busy. */
const RUN_MS = 900_000;

test("reads which scenarios count and how they ended", () => {
  const output = `✓ before: 1 passed, 0 failed
=== SUMMARY ===
✓ ping: 2 passed, 0 failed
✗ tools-list: 1 passed, 1 failed
✗ extra: 0 passed, 2 failed

Total: 3 passed, 3 failed

Not scored for 2025-11-25: 1 scenario(s) run, 1 failing.
  ✗ extra (pending)`;
  expect(readSummary(output)).toEqual({ passed: ["ping"], failed: ["tools-list"] });
});

test("a suite that crashed has run nothing", () => {
  expect(readSummary("SyntaxError: no globSync")).toEqual({ passed: [], failed: [] });
});

test.skipIf(!suiteIsInstalled())(
  "the official suite passes on both eras over HTTP and stdio (needs `pnpm conformance --install`)",
  { timeout: RUN_MS },
  async () => {
    const lines: string[] = [];
    const tally = await conform((line) => lines.push(line));
    expect(tally, lines.join("\n")).toEqual({ passed: 2 * (30 + 37), failed: 0, skipped: [] });
  },
);

test.skipIf(!inspectorIsInstalled())(
  "the Inspector lists and calls tools of every server (needs `pnpm conformance --install`)",
  { timeout: RUN_MS },
  async () => {
    const lines: string[] = [];
    const servers = inspectable(repositoryRoot);
    const tally = await inspectServers(servers, (line) => lines.push(line));
    expect(tally, lines.join("\n")).toEqual({ passed: 2 * servers.length, failed: 0, skipped: [] });
  },
);
