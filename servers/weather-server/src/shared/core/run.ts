// Copied from shared/core/run.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { afterTurn } from "./after-turn.ts";
import { isAborted, type Leaving, type Waited } from "./leaving.ts";

const timeout = (ms: number) =>
  new DOMException(`The call took longer than ${ms} ms`, "TimeoutError");

/**
 * Runs `work` until it ends, the host aborts or the deadline passes; then it is not waited for any
 * longer, and the signal tells it so. `deadlineMs` of 0 means no deadline.
 */
export async function runUntil<T>(
  host: Waited,
  leaving: Leaving,
  deadlineMs: number,
  work: () => T | PromiseLike<T>,
): Promise<T> {
  if (isAborted(host)) throw host.signal.reason;
  const started = work();
  if (!isThenable(started)) return started;
  return new Promise<T>((resolve, reject) => {
    const stop = (reason: unknown) => {
      leaving.abort(reason);
      reject(reason);
    };
    const onAbort = () => stop(host.signal.reason);
    let disarm = afterTurn(() => {
      if (isAborted(host)) return onAbort();
      const { signal } = host;
      const timer =
        deadlineMs > 0 ? setTimeout(() => stop(timeout(deadlineMs)), deadlineMs) : undefined;
      signal.addEventListener("abort", onAbort, { once: true });
      disarm = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
      };
    });
    started.then(
      (value: T) => {
        disarm();
        resolve(value);
      },
      (error: unknown) => {
        disarm();
        reject(error);
      },
    );
  });
}

/** Query builders and the like are no promises, and wait all the same. */
export const isThenable = (value: unknown): value is PromiseLike<never> =>
  typeof value === "object" &&
  value !== null &&
  "then" in value &&
  typeof value.then === "function";
