import { ToolError, toToolError } from "#shared/core/errors.ts";
import type { Source } from "./messages.ts";
import { type Child, type EntryName, startChild } from "./process.ts";

/** Calls that may wait for one process. */
export const MAX_QUEUED = 200;
/** Milliseconds that a process may take to start and to open its database. */
const START_MS = 15_000;

/** The time that one call has the process for itself. */
export interface Turn {
  readonly child: Child;
  /** Ends the process; another one is started for those who wait. */
  end(): void;
  /** Calls back, once, when another call waits for the process: at once, if one does. */
  whenWanted(callback: () => void): void;
}

export interface Lane {
  /** Runs `work` when nobody else uses the process. */
  queue<T>(signal: AbortSignal, work: (turn: Turn) => Promise<T>): Promise<T>;
  close(): void;
}

/** One process and those who wait for it. It is started by the first, and anew when it was ended. */
export function createLane(entry: EntryName, source: Source): Lane {
  let child: Child | undefined;
  let tail: Promise<unknown> = Promise.resolve();
  let queued = 0;
  let onWanted = () => {};
  let closed = false;

  function current(): Child {
    if (closed) throw new ToolError("UNAVAILABLE", "The server is closing.");
    if (child === undefined || !child.alive) child = startChild(entry, source);
    return child;
  }

  /** The next one finds a process that has started already. */
  function replace(): void {
    child?.kill();
    child = closed ? undefined : startChild(entry, source);
  }

  /** A process that has opened its database: the time of a request counts from here. */
  async function ready(): Promise<Child> {
    const child = current();
    if ((await started(child)) && !(await child.run({ kind: "fresh" }))) {
      replace();
      await started(current());
    }
    return current();
  }

  async function queue<T>(signal: AbortSignal, work: (turn: Turn) => Promise<T>): Promise<T> {
    if (queued >= MAX_QUEUED)
      throw new ToolError(
        "UNAVAILABLE",
        `${MAX_QUEUED} calls wait for this database. Try again later.`,
        {
          details: { reason: "busy" },
        },
      );
    queued += 1;
    onWanted();
    const turn = tail
      .then(() => takeTurn(signal, work))
      .finally(() => {
        queued -= 1;
      });
    tail = turn.catch(() => {}); // a call that fails does not fail those behind it
    return turn;
  }

  async function takeTurn<T>(signal: AbortSignal, work: (turn: Turn) => Promise<T>): Promise<T> {
    if (signal.aborted) throw toToolError(signal.reason, signal);
    const child = await ready();
    if (signal.aborted) throw toToolError(signal.reason, signal);
    const whenWanted = (callback: () => void) => {
      onWanted = callback;
      if (queued > 1) callback();
    };
    try {
      return await work({ child, end: replace, whenWanted });
    } finally {
      onWanted = () => {};
    }
  }

  return {
    queue,
    close: () => {
      closed = true;
      child?.kill();
    },
  };
}

/** Whether it reads a copy. One that does not come up is ended. */
async function started(child: Child): Promise<boolean> {
  const timer = setTimeout(() => child.kill(), START_MS);
  try {
    return await child.ready;
  } finally {
    clearTimeout(timer);
  }
}
