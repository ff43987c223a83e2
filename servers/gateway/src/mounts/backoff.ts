/** Milliseconds. */
export const FIRST_DELAY_MS = 1_000;
export const LONGEST_DELAY_MS = 60_000;
/** A mount that has run this long counts as mended: its next failure waits as a first one does. */
export const STABLE_MS = 300_000;
/** Failures in a row from which on a mount is said to crash in a loop. It is tried again all the same. */
export const CRASH_LOOP_FAILURES = 5;

/** How long to wait after the nth failure in a row, from 0, in milliseconds. */
export type Backoff = (failures: number) => number;

/**
 * Doubles from 1 s to 60 s, with full jitter: mounts that failed together, because what they all
 * need is away, do not come back together.
 */
export function fullJitter(random: () => number = Math.random): Backoff {
  return (failures) =>
    Math.round(random() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** failures));
}
