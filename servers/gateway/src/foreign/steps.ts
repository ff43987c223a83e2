/**
 * Steps of work that one check of arguments may take: some tens of milliseconds. A foreign schema, and
 * arguments made for it, could ask for any number of them.
 */
export const MAX_STEPS = 2_000_000;

/** Why a check did not come to an end: then the server judges by itself. */
export class Unsure extends Error {}

let left = 0;

/** Throws when there are not so many steps left. */
export function spend(steps: number): void {
  left -= steps;
  if (left < 0) throw new Unsure();
}

/** What the work comes to; undefined when it takes too many steps, or calls itself too deep. */
export function withinSteps<T>(work: () => T): T | undefined {
  left = MAX_STEPS;
  try {
    return work();
  } catch (error) {
    if (error instanceof Unsure || error instanceof RangeError) return undefined;
    throw error;
  }
}
