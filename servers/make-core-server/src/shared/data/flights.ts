// Copied from shared/data/flights.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { toToolError } from "#shared/core/errors.ts";

interface Flight<T> {
  result: Promise<T>;
  controller: AbortController;
  passengers: number;
  landed: boolean;
}

export interface Flights<T> {
  /**
   * What `start` gives, run once for all who ask for `key` meanwhile. A caller whose `signal` aborts
   * gets CANCELLED (or TIMEOUT) and leaves the others alone; when the last has left, the signal
   * given to `start` aborts.
   */
  join(key: string, start: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Later callers start anew; those on board still get their result. */
  forget(key: string): void;
  forgetAll(): void;
  /** Whether the start that was given `signal` is still the one of `key`: if not, its result is out of date. */
  isCurrent(key: string, signal: AbortSignal): boolean;
}

/** Rejects when `signal` aborts, with what a caller may see; `end` frees the listener. */
function departure(signal: AbortSignal | undefined) {
  let leave = (): void => {};
  const left = new Promise<never>((_resolve, reject) => {
    leave = () => reject(toToolError(signal?.reason, signal));
    signal?.addEventListener("abort", leave, { once: true });
  });
  return { left, end: () => signal?.removeEventListener("abort", leave) };
}

/** One run a key at a time, shared by everyone who asks for it. */
export function createFlights<T>(): Flights<T> {
  const flights = new Map<string, Flight<T>>();

  function board(key: string, start: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const known = flights.get(key);
    if (known !== undefined) return known;
    const controller = new AbortController();
    // In a microtask, so that `start` finds its flight registered and a throw becomes a rejection.
    const result = Promise.resolve().then(() => start(controller.signal));
    const flight: Flight<T> = { result, controller, passengers: 0, landed: false };
    flights.set(key, flight);
    const land = (): void => {
      flight.landed = true;
      if (flights.get(key) === flight) flights.delete(key);
    };
    result.then(land, land);
    return flight;
  }

  async function join(
    key: string,
    start: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    if (signal?.aborted) throw toToolError(signal.reason, signal);
    const flight = board(key, start);
    const { left, end } = departure(signal);
    flight.passengers += 1;
    try {
      return await Promise.race([flight.result, left]);
    } finally {
      end();
      flight.passengers -= 1;
      if (flight.passengers === 0 && !flight.landed) {
        if (flights.get(key) === flight) flights.delete(key);
        flight.controller.abort();
      }
    }
  }

  return {
    join,
    forget: (key) => void flights.delete(key),
    forgetAll: () => flights.clear(),
    isCurrent: (key, signal) => flights.get(key)?.controller.signal === signal,
  };
}
