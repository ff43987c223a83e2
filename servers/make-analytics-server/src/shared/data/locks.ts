// Copied from shared/data/locks.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { ToolError, toToolError } from "#shared/core/errors.ts";

/** How long a call waits for its locks, unless said otherwise, milliseconds. */
export const DEFAULT_LOCK_TIMEOUT_MS = 30_000;
/** The longest wait, that of a timer of Node, milliseconds; more counts as this. */
export const MAX_LOCK_TIMEOUT_MS = 2_147_483_647;
/** The most keys of one call. */
export const MAX_LOCK_KEYS = 100;
/** The most calls in line for one key. */
export const MAX_LOCK_WAITERS = 1_000;

export interface LockOptions {
  /** Aborted, the call leaves the line; once `fn` runs, watching the signal is its own affair. */
  signal?: AbortSignal | undefined;
  /** For all keys together. */
  timeoutMs?: number | undefined;
}

export interface Locks {
  /**
   * Runs `fn` while no other call holds any of `keys`, and gives what it gives.
   *
   * First come, first served for every key. Several keys are taken in sorted order, so that calls
   * which want the same ones cannot wait for each other in a ring. A lock is not reentrant: an `fn`
   * that asks for a lock should have asked for all at once; otherwise it may wait for itself until
   * its timeout.
   *
   * Errors: TIMEOUT, CANCELLED, UNAVAILABLE (too many in line), VALIDATION_ERROR (too many keys);
   * and whatever `fn` throws, after the release.
   */
  withLock<T>(
    keys: string | readonly string[],
    fn: () => Promise<T> | T,
    options?: LockOptions,
  ): Promise<T>;
  /** Keys held at the moment. */
  readonly size: number;
}

type Waiters = Set<() => void>;

/** What ends the wait of one call: its signal or its timeout, as a ToolError. */
function openWait({ signal, timeoutMs = DEFAULT_LOCK_TIMEOUT_MS }: LockOptions) {
  const controller = new AbortController();
  const ms = Math.max(0, Math.min(timeoutMs, MAX_LOCK_TIMEOUT_MS));
  const onAbort = (): void => controller.abort(toToolError(signal?.reason, signal));
  const timer = setTimeout(() => {
    const message = `Another call kept what this one needs for ${ms} ms. Try again later.`;
    controller.abort(new ToolError("TIMEOUT", message, { details: { timeoutMs: ms } }));
  }, ms);
  if (signal?.aborted) onAbort();
  signal?.addEventListener("abort", onAbort, { once: true });
  return {
    signal: controller.signal,
    end(): void {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    },
  };
}

function standInLine(waiters: Waiters, signal: AbortSignal): Promise<void> {
  if (waiters.size >= MAX_LOCK_WAITERS) {
    const message = `${MAX_LOCK_WAITERS} calls already wait for the same thing. Try again later.`;
    throw new ToolError("UNAVAILABLE", message);
  }
  return new Promise((resolve, reject) => {
    function onAbort(): void {
      waiters.delete(take);
      reject(signal.reason);
    }
    function take(): void {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }
    waiters.add(take);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}

function inOrder(keys: string | readonly string[]): string[] {
  const distinct = [...new Set(typeof keys === "string" ? [keys] : keys)];
  const sorted = distinct.sort((a, b) => (a < b ? -1 : 1));
  if (sorted.length <= MAX_LOCK_KEYS) return sorted;
  const message = `A call may lock at most ${MAX_LOCK_KEYS} things at a time, not ${sorted.length}. Split it.`;
  throw new ToolError("VALIDATION_ERROR", message);
}

/** Locks by name within this process. A key that nobody holds takes no memory. */
export function createLocks(): Locks {
  /** A key is here while it is held; a Set keeps the order of arrival and lets one leave at once. */
  const held = new Map<string, Waiters>();

  async function acquire(key: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const waiters = held.get(key);
    if (waiters === undefined) held.set(key, new Set());
    else await standInLine(waiters, signal);
  }

  /** Passed on, not opened: a newcomer cannot slip in before the one who waited. */
  function release(key: string): void {
    const waiters = held.get(key);
    const [next] = waiters ?? [];
    if (next === undefined) held.delete(key);
    else {
      waiters?.delete(next);
      next();
    }
  }

  async function withLock<T>(
    keys: string | readonly string[],
    fn: () => Promise<T> | T,
    options: LockOptions = {},
  ): Promise<T> {
    const wanted = inOrder(keys);
    const taken: string[] = [];
    const wait = openWait(options);
    try {
      for (const key of wanted) {
        await acquire(key, wait.signal);
        taken.push(key);
      }
      wait.signal.throwIfAborted();
      return await fn();
    } finally {
      wait.end();
      for (const key of taken.reverse()) release(key);
    }
  }

  return {
    withLock,
    get size() {
      return held.size;
    },
  };
}
