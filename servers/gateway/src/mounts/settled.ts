import { inTime } from "./in-time.ts";
import type { Mount } from "./mount.ts";

/** Milliseconds that a first request waits for servers that are still starting, so that lists are whole. */
export const HOLD_MS = 2_000;

type Starting = Pick<Mount, "status" | "settled">;

/**
 * Resolves when all have been ready, or have failed, once; or when it is no use to wait any longer.
 * Undefined when there is nothing to wait for, as for nearly every request.
 */
export function settledWithin(
  mounts: readonly Starting[],
  limitMs: number,
): Promise<void> | undefined {
  if (mounts.every(({ status }) => status.state !== "starting")) return undefined;
  const all = Promise.all(mounts.map(({ settled }) => settled)).then(() => {});
  return inTime(all, limitMs, () => {});
}
