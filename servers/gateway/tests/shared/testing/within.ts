// Copied from shared/testing/within.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
/**
 * Milliseconds that anything a test waits for may take. It only bounds a failure: no test asserts
 * how long something took.
 */
export const PATIENCE_MS = 20_000;

/** Milliseconds for a hook in which several things are waited for. */
export const HOOK_MS = 3 * PATIENCE_MS;

/** The value, or an error that says what was waited for; `late` is asked only then. */
export async function within<T>(
  work: Promise<T>,
  late: () => string,
  ms = PATIENCE_MS,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${late()} (waited ${ms} ms)`)), ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

const POLL_MS = 20;

/** Asks again until the answer is true. */
export async function until(
  ask: () => boolean | Promise<boolean>,
  what: string,
  ms = PATIENCE_MS,
): Promise<void> {
  const end = Date.now() + ms;
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(`${what} did not happen (waited ${ms} ms)`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
