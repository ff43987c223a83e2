import { inTime } from "./in-time.ts";
import type { Mount } from "./mount.ts";

/** Milliseconds that a first request waits for servers that are still starting, so that lists are whole. */
export const HOLD_MS = 2_000;

/** Resolves when all have been ready, or have failed, once; or when it is no use to wait any longer. */
export async function settledWithin(
  mounts: readonly Pick<Mount, "status" | "settled">[],
  limitMs: number,
): Promise<void> {
  if (mounts.every(({ status }) => status.state !== "starting")) return;
  const all = Promise.all(mounts.map(({ settled }) => settled)).then(() => {});
  await inTime(all, limitMs, () => {});
}
