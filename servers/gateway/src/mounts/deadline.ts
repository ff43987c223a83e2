import type { CallContext } from "#shared/core/contract.ts";

/** A call that reports progress may run this many times as long as one that is silent. */
export const MAX_TOTAL_FACTOR = 10;

export interface Deadline {
  /** The caller's context, with a signal that the deadline aborts too. */
  context: CallContext;
  /** Whether the time is over: then nobody has left, the server has not answered. */
  isOver(): boolean;
  clear(): void;
}

/** Bounds how long a call may be silent, in milliseconds, and with that how long it may run. */
export function withDeadline(given: CallContext, limitMs: number): Deadline {
  const controller = new AbortController();
  const latest = Date.now() + limitMs * MAX_TOTAL_FACTOR;
  let over = false;
  const end = () => {
    over = true;
    controller.abort(new DOMException(`No answer within ${limitMs} ms`, "TimeoutError"));
  };
  let timer = setTimeout(end, limitMs);
  const onAbort = () => controller.abort(given.signal.reason);
  if (given.signal.aborted) onAbort();
  else given.signal.addEventListener("abort", onAbort, { once: true });
  return {
    context: {
      ...given,
      signal: controller.signal,
      progress: (done, total, message) => {
        clearTimeout(timer);
        if (!over) timer = setTimeout(end, Math.max(0, Math.min(limitMs, latest - Date.now())));
        given.progress?.(done, total, message);
      },
    },
    isOver: () => over,
    clear: () => {
      clearTimeout(timer);
      given.signal.removeEventListener("abort", onAbort);
    },
  };
}
