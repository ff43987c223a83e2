// Copied from shared/http-client/scope.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { ToolError, toToolError } from "#shared/core/errors.ts";
import { MAX_TIMER_MS } from "./options.ts";

/** The time one call may take, and everything that can end it early. */
export interface Scope {
  /** Aborts with the ToolError that the caller is to see. */
  readonly signal: AbortSignal;
  /** When the call must be over, on the clock of `now`. */
  readonly endsAt: number;
  abort(error: ToolError): void;
  /** Frees the timer and the listener; always called. */
  end(): void;
}

export interface ScopeOptions {
  /** "GET host/path", for the messages. */
  label: string;
  deadlineMs: number;
  now: number;
  signal: AbortSignal | undefined;
}

/**
 * One controller for the deadline, the caller and close(). Not AbortSignal.any with
 * AbortSignal.timeout: neither can be released when the call is over, so that a long-lived caller's
 * signal would gather one dependent a call.
 */
export function openScope({ label, deadlineMs, now, signal }: ScopeOptions): Scope {
  const controller = new AbortController();
  const ms = Math.max(0, Math.min(deadlineMs, MAX_TIMER_MS));
  const abort = (error: ToolError): void => controller.abort(error);
  const timer = setTimeout(() => {
    const message = `${label} was not done after ${ms} ms and was stopped. Ask for less, or try again.`;
    abort(new ToolError("TIMEOUT", message, { details: { deadlineMs: ms } }));
  }, ms);
  function onAbort(): void {
    const reason = toToolError(signal?.reason, signal);
    const said = reason === signal?.reason;
    abort(
      said
        ? reason
        : new ToolError(reason.code, `${label} was stopped by its caller.`, { cause: reason }),
    );
  }
  if (signal?.aborted) onAbort();
  signal?.addEventListener("abort", onAbort, { once: true });
  return {
    signal: controller.signal,
    endsAt: now + ms,
    abort,
    end() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    },
  };
}
