import { ToolError, toToolError } from "#shared/core/errors.ts";
import type { Source } from "./messages.ts";
import { type Child, startChild } from "./process.ts";

/** Calls that may wait for one process. */
export const MAX_QUEUED = 200;

export interface Lane {
  readonly connection: string;
  /** Runs `work` when nobody else uses the process, with the process and how to end it. */
  queue<T>(signal: AbortSignal, work: (child: Child, kill: () => void) => Promise<T>): Promise<T>;
  close(): void;
}

/** One process and those who wait for it. It is started by the first, and anew when it was ended. */
export function createLane(source: Source, connection: string): Lane {
  let child: Child | undefined;
  let tail: Promise<unknown> = Promise.resolve();
  let queued = 0;
  let closed = false;

  function current(): Child {
    if (closed) throw new ToolError("UNAVAILABLE", "The server is closing.");
    if (child === undefined || !child.alive) child = startChild(source);
    return child;
  }

  /** The next one finds a process that has started already. */
  function replace(): void {
    child?.kill();
    child = closed ? undefined : startChild(source);
  }

  async function queue<T>(
    signal: AbortSignal,
    work: (child: Child, kill: () => void) => Promise<T>,
  ): Promise<T> {
    if (queued >= MAX_QUEUED)
      throw new ToolError(
        "UNAVAILABLE",
        `${MAX_QUEUED} calls wait for this database. Try again later.`,
        {
          details: { reason: "busy" },
        },
      );
    queued += 1;
    const turn = tail.then(() => {
      if (signal.aborted) throw toToolError(signal.reason, signal);
      return work(current(), replace);
    });
    tail = turn.catch(() => {}); // a call that fails does not fail those behind it
    try {
      return await turn;
    } finally {
      queued -= 1;
    }
  }

  return {
    connection,
    queue,
    close: () => {
      closed = true;
      child?.kill();
    },
  };
}
