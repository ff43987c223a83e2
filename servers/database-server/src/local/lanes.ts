import { ToolError, toToolError } from "#shared/core/errors.ts";
import { createLane, type Lane } from "./lane.ts";
import type { Replies, Request, Source, Work } from "./messages.ts";
import type { EntryName } from "./process.ts";

/** Slow statements that are remembered. */
const MAX_KNOWN_SLOW = 500;

export interface Lanes {
  run<K extends Work>(request: Request<K>, signal: AbortSignal): Promise<Replies[K]>;
  close(): void;
}

export interface LanesOptions {
  entry: EntryName;
  source: Source;
  timeoutMs: number;
  /** Milliseconds that a statement may take among the fast ones before it is moved to the slow ones. */
  fastMs: number;
}

/**
 * Two processes. A statement begins in the first. One that takes long there, while others wait, is
 * stopped and begun anew in the second, so that a fast one never waits for the end of a slow one.
 */
export function createLanes({ entry, source, timeoutMs, fastMs }: LanesOptions): Lanes {
  const { connection } = source;
  const fast = createLane(entry, source);
  const slow = createLane(entry, source);
  const knownSlow = new Set<string>();

  async function run<K extends Work>(
    request: Request<K>,
    signal: AbortSignal,
  ): Promise<Replies[K]> {
    const key = request.sql;
    // a change must not be begun twice
    if (request.kind !== "change" && !knownSlow.has(key)) {
      const isKnown = () => knownSlow.has(key);
      const limits = { connection, timeoutMs, moveMs: fastMs };
      const outcome = await attempt(fast, request, limits, signal, isKnown);
      if (outcome !== undefined) return outcome.value;
      if (knownSlow.size >= MAX_KNOWN_SLOW) knownSlow.clear();
      knownSlow.add(key);
    }
    const started = performance.now();
    const isOver = () => performance.now() - started > timeoutMs;
    const outcome = await attempt(slow, request, { connection, timeoutMs }, signal, isOver);
    if (outcome === undefined) throw tooSlow(connection, timeoutMs);
    if (performance.now() - started < fastMs) knownSlow.delete(key);
    return outcome.value;
  }

  return {
    run: (request, signal) =>
      run(request, signal).catch((error: unknown) => {
        throw named(error, connection);
      }),
    close: () => {
      fast.close();
      slow.close();
    },
  };
}

interface Limits {
  connection: string;
  timeoutMs: number;
  /** Milliseconds after which it leaves the lane to another that waits for it. */
  moveMs?: number;
}

/** The result, or undefined when it left the lane to another, or when `skip` says so before it begins. */
async function attempt<K extends Work>(
  lane: Lane,
  request: Request<K>,
  { connection, timeoutMs, moveMs }: Limits,
  signal: AbortSignal,
  skip: () => boolean,
): Promise<{ value: Replies[K] } | undefined> {
  return lane.queue(signal, async ({ child, end, whenWanted }) => {
    if (skip()) return undefined;
    let ended: "late" | "moved" | undefined;
    const endAs = (why: "late" | "moved") => {
      ended = why;
      end();
    };
    const late = setTimeout(() => endAs("late"), timeoutMs);
    const move = moveMs && setTimeout(() => whenWanted(() => endAs("moved")), moveMs);
    signal.addEventListener("abort", end, { once: true });
    try {
      return { value: await child.run(request) };
    } catch (error) {
      if (signal.aborted) throw toToolError(signal.reason, signal);
      if (ended === "late") throw tooSlow(connection, timeoutMs);
      if (ended === "moved") return undefined;
      throw error;
    } finally {
      clearTimeout(late);
      clearTimeout(move);
      signal.removeEventListener("abort", end);
    }
  });
}

/** What a process says of a failure need not tell which connection failed; a refusal is no failure. */
function named(error: unknown, connection: string): unknown {
  const told = !(error instanceof ToolError) || error.details.connection !== undefined;
  if (told || error.code === "PERMISSION_DENIED" || error.code === "CANCELLED") return error;
  const details = { ...error.details, connection };
  return new ToolError(error.code, `${connection}: ${error.message}`, { details, cause: error });
}

const tooSlow = (connection: string, timeoutMs: number) =>
  new ToolError(
    "TIMEOUT",
    `${connection}: the statement took, or waited, longer than ${timeoutMs} ms and was stopped. Ask for less, or add an index.`,
    { details: { reason: "timeout", connection, timeoutMs } },
  );
