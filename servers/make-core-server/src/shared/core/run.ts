// Copied from shared/core/run.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { afterTurn } from "./after-turn.ts";

/** A signal for handlers, made only when one looks at it: most small tools never do. */
export class LazySignal {
  readonly #host: AbortSignal;
  #controller: AbortController | undefined;
  #reason: unknown;

  constructor(host: AbortSignal) {
    this.#host = host;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      const reason = this.#reason ?? (this.#host.aborted ? this.#host.reason : undefined);
      if (reason !== undefined) this.#controller.abort(reason);
    }
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}

const timeout = (ms: number) =>
  new DOMException(`The call took longer than ${ms} ms`, "TimeoutError");

/**
 * Runs `work` until it ends, the host aborts or the deadline passes; then it is not waited for any
 * longer, and the signal tells it so. `deadlineMs` of 0 means no deadline.
 */
export async function runUntil<T>(
  host: AbortSignal,
  lazy: LazySignal,
  deadlineMs: number,
  work: () => T | PromiseLike<T>,
): Promise<T> {
  host.throwIfAborted();
  const started = work();
  if (!isThenable(started)) return started;
  return new Promise<T>((resolve, reject) => {
    const stop = (reason: unknown) => {
      lazy.abort(reason);
      reject(reason);
    };
    const onAbort = () => stop(host.reason);
    let disarm = afterTurn(() => {
      if (host.aborted) return onAbort();
      const timer =
        deadlineMs > 0 ? setTimeout(() => stop(timeout(deadlineMs)), deadlineMs) : undefined;
      host.addEventListener("abort", onAbort, { once: true });
      disarm = () => {
        clearTimeout(timer);
        host.removeEventListener("abort", onAbort);
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
