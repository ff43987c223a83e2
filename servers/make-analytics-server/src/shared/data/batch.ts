// Copied from shared/data/batch.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import pLimit from "p-limit";
import { type ErrorCode, ToolError, toToolError } from "#shared/core/errors.ts";

/** Items worked on at a time, unless said otherwise. */
export const DEFAULT_CONCURRENCY = 8;
/** The most items worked on at a time. */
export const MAX_CONCURRENCY = 64;
/** The most items in one batch: its results are held in memory and sent as one answer. */
export const MAX_BATCH_ITEMS = 1_000;

export type BatchResult<R> =
  | { index: number; ok: true; value: R }
  | {
      index: number;
      ok: false;
      error: { code: ErrorCode; message: string; details: Record<string, unknown> };
    };

export interface BatchOptions {
  /** From 1 to MAX_CONCURRENCY. */
  concurrency?: number | undefined;
  /** Aborted, nothing more is started; what runs is waited for, and may watch the signal itself. */
  signal?: AbortSignal | undefined;
  /** Called after every item, done or failed; what it throws is ignored. */
  onProgress?: ((done: number, total: number) => void) | undefined;
}

function checkBounds(items: number, concurrency: number): void {
  if (items > MAX_BATCH_ITEMS) {
    const message = `A batch takes at most ${MAX_BATCH_ITEMS} items and got ${items}. Split it.`;
    throw new ToolError("VALIDATION_ERROR", message, { details: { items, max: MAX_BATCH_ITEMS } });
  }
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > MAX_CONCURRENCY) {
    const message = `The concurrency of a batch is a whole number from 1 to ${MAX_CONCURRENCY}.`;
    throw new ToolError("VALIDATION_ERROR", message, { details: { concurrency } });
  }
}

function notStarted({ reason }: AbortSignal): ToolError {
  const message = "Not started: the call was stopped before. Ask for this item again.";
  return new ToolError("CANCELLED", message, { cause: reason });
}

/**
 * Runs `worker` on every item, some at a time, and gives one result an item in the order of the items.
 * One that fails does not stop the others: its error is reduced to what a caller may see (a ToolError
 * as it is, anything else as UNKNOWN); items not started before an abort are CANCELLED.
 *
 * Rejects only for VALIDATION_ERROR: too many items, or a concurrency out of bounds.
 */
export async function batch<T, R>(
  items: readonly T[],
  worker: (item: T, index: number) => Promise<R> | R,
  options: BatchOptions = {},
): Promise<BatchResult<R>[]> {
  const { concurrency = DEFAULT_CONCURRENCY, signal, onProgress } = options;
  checkBounds(items.length, concurrency);
  let done = 0;
  async function run(item: T, index: number): Promise<BatchResult<R>> {
    try {
      if (signal?.aborted) throw notStarted(signal);
      return { index, ok: true, value: await worker(item, index) };
    } catch (error) {
      const { code, message, details } = toToolError(error, signal);
      return { index, ok: false, error: { code, message, details } };
    } finally {
      done += 1;
      report(done);
    }
  }
  function report(count: number): void {
    try {
      onProgress?.(count, items.length);
    } catch {
      // Progress is a courtesy; the work goes on without it.
    }
  }
  return await pLimit(concurrency).map(items, run);
}
