// Copied from shared/testing/fault.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { expect } from "vitest";

/** Something a definition does that the rules forbid. `key` names it for an exception. */
export interface Fault {
  key: string;
  message: string;
}

export const fault = (where: string, rule: string, message: string): Fault => ({
  key: `${where} ${rule}`,
  message,
});

/** Fails with every fault that no exception excuses. */
export function expectNoFaults(
  faults: readonly Fault[],
  exceptions: Readonly<Record<string, string>>,
): void {
  const open = faults
    .filter(({ key }) => !(key in exceptions))
    .map(({ key, message }) => `"${key}": ${message}`);
  expect(open).toEqual([]);
}

/** The exceptions that excuse nothing or give no reason. */
export function staleExceptions(
  faults: readonly Fault[],
  exceptions: Readonly<Record<string, string>>,
): string[] {
  const keys = new Set(faults.map(({ key }) => key));
  return Object.entries(exceptions)
    .filter(([key, reason]) => !keys.has(key) || reason.trim() === "")
    .map(([key]) => key);
}
