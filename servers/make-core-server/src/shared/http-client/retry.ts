// Copied from shared/http-client/retry.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { ToolError } from "#shared/core/errors.ts";
import { BACKOFF_BASE_MS, BACKOFF_CAP_MS, type Time } from "./options.ts";
import type { Scope } from "./scope.ts";

/** Statuses that mean "not now" (RFC 9110 15.6, RFC 6585 4). */
export const RETRIED_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export interface Failure {
  ok: false;
  error: ToolError;
  /** Whether another attempt may help. */
  transient: boolean;
  retryAfterMs?: number | undefined;
}

export type Outcome<T> = { ok: true; value: T } | Failure;

export interface RetryPolicy {
  label: string;
  maxAttempts: number;
  maxRetryAfterMs: number;
  scope: Scope;
  time: Time;
}

/**
 * Milliseconds that a Retry-After asks to wait from `now` on, or undefined if it says nothing
 * usable. Both forms of RFC 9110 10.2.3: seconds, and a date in GMT; a date gone by is 0.
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  // Date.parse alone takes "-5" and "1.5" for years.
  if (!/^[A-Z][a-z]{2,8},? .+ GMT$/.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/**
 * The wait after attempt `attempt` (from 1), milliseconds: anything from 0 to a bound that doubles.
 * Full jitter, because it clears a crowd soonest: aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter
 */
export function backoffMs(attempt: number, random: () => number): number {
  return random() * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** (attempt - 1));
}

function rateLimited(label: string, retryAfterMs: number, error: ToolError): ToolError {
  const seconds = Math.ceil(retryAfterMs / 1_000);
  const message = `${label} asks to wait ${seconds} s, longer than this call may. Try again in ${seconds} s.`;
  return new ToolError("RATE_LIMITED", message, {
    details: { ...error.details, retryAfterSeconds: seconds },
    cause: error,
  });
}

/**
 * Attempts until one succeeds, fails for good, or the attempts or the deadline are used up.
 *
 * Not undici's retry interceptor: it has no jitter and no deadline, cuts a long Retry-After down to
 * its own maximum and comes back too early, sleeps on after an abort, and to keep the error body
 * must hold the failed response, with its connection, open through the whole wait.
 */
export async function withRetries<T>(
  attempt: () => Promise<Outcome<T>>,
  policy: RetryPolicy,
): Promise<T> {
  const { label, maxAttempts, maxRetryAfterMs, scope, time } = policy;
  for (let count = 1; ; count += 1) {
    const outcome = await attempt();
    if (outcome.ok) return outcome.value;
    if (!outcome.transient || count >= maxAttempts) throw outcome.error;
    const { retryAfterMs = 0 } = outcome;
    if (retryAfterMs > maxRetryAfterMs) throw rateLimited(label, retryAfterMs, outcome.error);
    const waitMs = Math.max(retryAfterMs, backoffMs(count, time.random));
    if (time.now() + waitMs >= scope.endsAt) {
      throw retryAfterMs >= waitMs && retryAfterMs > 0
        ? rateLimited(label, retryAfterMs, outcome.error)
        : outcome.error;
    }
    await time.sleep(waitMs, scope.signal).catch((error: unknown) => {
      throw scope.signal.aborted ? scope.signal.reason : error;
    });
  }
}
