import { ToolError } from "#shared/core/errors.ts";

/** The window that Make counts requests in, milliseconds. */
export const WINDOW_MS = 60_000;
/** What is taken of the organisation's limit; the rest is for its people and other programs. */
export const USED_SHARE = 0.95;
/** Until the organisation's own limit is known: the lowest that was seen (Free). */
export const FIRST_LIMIT = 30;

/** Requests a minute that are taken of a limit; at least one. */
export const usable = (limit: number): number => Math.max(1, Math.floor(limit * USED_SHARE));

/**
 * The requests an organisation may make in a minute, shared by all processes that use it. A place is
 * held from before a request is sent until a window after its answer came, so that, however long
 * either takes on the way, Make never counts more than `usable(limit)` in any window.
 */
export interface RateBudget {
  /** Waits for a place and holds it; the function that it gives is called when the answer is there. */
  take(signal?: AbortSignal): Promise<() => void>;
  /** Make says the limit is reached, others must have used it: nobody takes a place for one window. */
  exhausted(): Promise<void>;
  /** The organisation's limit, requests a minute. */
  setLimit(limit: number): Promise<void>;
  limit(): Promise<number>;
  close(): Promise<void>;
}

/** Where the places are kept. Both calls are one step for all processes together. */
export interface PlaceStore {
  /**
   * Takes up to `wanted` places for `leaseMs` and says how long to wait for the next, milliseconds.
   * Also frees, a window from now, the places in `done`.
   */
  exchange(step: Exchange): Promise<{ taken: string[]; waitMs: number }>;
  block(ms: number): Promise<void>;
  setLimit(limit: number): Promise<void>;
  limit(): Promise<number | undefined>;
  close(): Promise<void>;
}

export interface Exchange {
  wanted: number;
  /** Places whose answer came, and how long ago, milliseconds. */
  done: readonly Freed[];
  leaseMs: number;
  windowMs: number;
}

export interface Freed {
  place: string;
  agoMs: number;
}

interface Waiter {
  grant(place: string): void;
  fail(error: unknown): void;
}

export interface BudgetOptions {
  store: PlaceStore;
  /** Milliseconds; Make's own unless a test says otherwise. */
  windowMs?: number | undefined;
  /** How long a place stays taken when its process dies, milliseconds: longer than any request. */
  leaseMs?: number | undefined;
}

/** A place is not asked for more often than this, milliseconds. */
const MIN_WAIT_MS = 5;
/** Nor less often than this part of a window: other processes give places back and tell nobody. */
const MAX_WAIT_PART = 1 / 60;
/** Two processes that wait for the same place should not wake together: the part that is random. */
const JITTER = 0.1;
const DEFAULT_LEASE_MS = 180_000;

/** Callers of one process stand in one line and go to the store together. */
export function createRateBudget({
  store,
  windowMs = WINDOW_MS,
  leaseMs = DEFAULT_LEASE_MS,
}: BudgetOptions): RateBudget {
  const line: Waiter[] = [];
  let done: { place: string; at: number }[] = [];
  let running: Promise<void> | undefined;
  let interrupt = () => {};
  let woken = false;

  /** Serves the line until it is empty; one at a time. */
  async function serve(): Promise<void> {
    while (line.length > 0 || done.length > 0) {
      const freed = done.map(({ place, at }) => ({ place, agoMs: Date.now() - at }));
      done = [];
      const wanted = line.length;
      woken = false;
      try {
        const { taken, waitMs } = await store.exchange({ wanted, done: freed, leaseMs, windowMs });
        taken.forEach(hand);
        // who came meanwhile was not asked for yet
        if (taken.length < wanted && !woken) await pause(waitMs);
      } catch (error) {
        for (const waiter of line.splice(0)) waiter.fail(error);
      }
    }
  }

  /** A place that nobody waits for any more goes back. */
  function hand(place: string): void {
    const waiter = line.shift();
    if (waiter) waiter.grant(place);
    else done.push({ place, at: Date.now() });
  }

  function pause(waitMs: number): Promise<void> {
    const ms = Math.max(MIN_WAIT_MS, Math.min(waitMs, windowMs * MAX_WAIT_PART));
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms * (1 + Math.random() * JITTER));
      interrupt = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  function wake(): void {
    woken = true;
    interrupt();
    running ??= serve().finally(() => {
      running = undefined;
    });
  }

  async function take(signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    const place = await standInLine(line, wake, signal);
    return () => {
      done.push({ place, at: Date.now() });
      wake();
    };
  }

  return {
    take,
    exhausted: () => store.block(windowMs),
    setLimit: (limit) => store.setLimit(limit),
    limit: async () => (await store.limit()) ?? FIRST_LIMIT,
    close: async () => {
      await running;
      await store.close();
    },
  };
}

function standInLine(line: Waiter[], wake: () => void, signal?: AbortSignal): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    const leave = () => {
      const at = line.indexOf(waiter);
      if (at >= 0) line.splice(at, 1);
      reject(signal?.reason);
    };
    const end = () => signal?.removeEventListener("abort", leave);
    const waiter: Waiter = {
      grant(place) {
        end();
        resolve(place);
      },
      fail(error) {
        end();
        reject(budgetError(error));
      },
    };
    signal?.addEventListener("abort", leave, { once: true });
    line.push(waiter);
    wake();
  });
}

const budgetError = (error: unknown): ToolError =>
  new ToolError(
    "UNAVAILABLE",
    "The rate budget that servers of this organisation share cannot be used, so Make was not asked. Is MAKE_BUDGET_DIR a folder that can be written?",
    { cause: error },
  );
