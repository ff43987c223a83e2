import { ToolError, toToolError } from "#shared/core/errors.ts";
import { createLane, type Lane } from "./lane.ts";
import type { Replies, Request, Source } from "./messages.ts";
import type { Child } from "./process.ts";

/** Milliseconds that a statement may take among the fast ones before it is moved to the slow ones. */
export const FAST_MS = 250;
/** Milliseconds that a process may take to start and to open its database. */
const START_MS = 15_000;
/** Slow statements that are remembered. */
const MAX_KNOWN_SLOW = 500;

export interface Lanes {
  run<K extends Request["kind"]>(
    request: Extract<Request, { kind: K }>,
    signal: AbortSignal,
  ): Promise<Replies[K]>;
  close(): void;
}

/**
 * Two processes. A statement begins in the first; what takes long there is stopped and begun anew
 * in the second, so that a fast one never waits for the end of a slow one.
 */
export function createLanes(source: Source, connection: string, timeoutMs: number): Lanes {
  const fast = createLane(source, connection);
  const slow = createLane(source, connection);
  const knownSlow = new Set<string>();

  async function run<K extends Request["kind"]>(
    request: Extract<Request, { kind: K }>,
    signal: AbortSignal,
  ): Promise<Replies[K]> {
    const key = request.sql;
    // a change must not be begun twice
    if (request.kind !== "change" && !knownSlow.has(key)) {
      const outcome = await attempt(fast, request, FAST_MS, signal, () => knownSlow.has(key));
      if (outcome !== undefined) return outcome.value;
      if (knownSlow.size >= MAX_KNOWN_SLOW) knownSlow.clear();
      knownSlow.add(key);
    }
    const started = performance.now();
    const outcome = await attempt(
      slow,
      request,
      timeoutMs,
      signal,
      () => performance.now() - started > timeoutMs,
    );
    if (outcome !== undefined) {
      if (performance.now() - started < FAST_MS) knownSlow.delete(key);
      return outcome.value;
    }
    throw tooSlow(connection, timeoutMs);
  }

  return {
    run,
    close: () => {
      fast.close();
      slow.close();
    },
  };
}

/** The result, or undefined when its time was over, or when `skip` says so at the end of the queue. */
async function attempt<K extends Request["kind"]>(
  lane: Lane,
  request: Extract<Request, { kind: K }>,
  limitMs: number,
  signal: AbortSignal,
  skip: () => boolean,
): Promise<{ value: Replies[K] } | undefined> {
  return lane.queue(signal, async (child, kill) => {
    if (skip()) return undefined;
    await started(child, kill, signal);
    let late = false;
    const stop = () => kill();
    const timer = setTimeout(() => {
      late = true;
      kill();
    }, limitMs);
    signal.addEventListener("abort", stop, { once: true });
    try {
      return { value: await child.run(request) };
    } catch (error) {
      if (signal.aborted) throw toToolError(signal.reason, signal);
      if (late) return undefined;
      throw named(error, lane.connection);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    }
  });
}

/** Waits for a process that has just been started; one that does not come up is ended. */
async function started(child: Child, kill: () => void, signal: AbortSignal): Promise<void> {
  const timer = setTimeout(kill, START_MS);
  try {
    await child.ready;
  } finally {
    clearTimeout(timer);
  }
  if (signal.aborted) throw toToolError(signal.reason, signal);
}

/** What a process says of a failure does not tell which connection failed. */
function named(error: unknown, connection: string): unknown {
  if (!(error instanceof ToolError) || error.code === "PERMISSION_DENIED") return error;
  const details = { ...error.details, connection };
  return new ToolError(error.code, `${connection}: ${error.message}`, { details, cause: error });
}

const tooSlow = (connection: string, timeoutMs: number) =>
  new ToolError(
    "TIMEOUT",
    `${connection}: the statement took, or waited, longer than ${timeoutMs} ms and was stopped. Ask for less, or add an index.`,
    { details: { reason: "timeout", connection, timeoutMs } },
  );
