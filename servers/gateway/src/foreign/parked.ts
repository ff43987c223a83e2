import { randomUUID } from "node:crypto";

/** Calls that wait for an answer of their caller, of one mount. */
export const MAX_PARKED = 32;
/** Milliseconds that the caller has to answer. */
export const PARKED_MS = 300_000;

const PREFIX = "parked:";

/** Whether a state is one of ours: of a call that waits, or has waited, here. */
export const isParkedState = (state: string): boolean => state.startsWith(PREFIX);

interface Parked<T> {
  value: T;
  timer: NodeJS.Timeout;
}

/** What waits for its caller, by a state that nobody can guess; each is taken once, or given up in time. */
export class ParkingPlace<T> {
  readonly #onGiveUp: (value: T, error: Error) => void;
  readonly #parked = new Map<string, Parked<T>>();

  constructor(onGiveUp: (value: T, error: Error) => void) {
    this.#onGiveUp = onGiveUp;
  }

  get isFull(): boolean {
    return this.#parked.size >= MAX_PARKED;
  }

  /** Returns the state by which it is found again. */
  park(value: T): string {
    const state = PREFIX + randomUUID();
    const timer = setTimeout(() => {
      this.#parked.delete(state);
      this.#onGiveUp(value, new DOMException("The caller did not answer", "TimeoutError"));
    }, PARKED_MS);
    timer.unref();
    this.#parked.set(state, { value, timer });
    return state;
  }

  find(state: string): T | undefined {
    return this.#parked.get(state)?.value;
  }

  remove(state: string): void {
    clearTimeout(this.#parked.get(state)?.timer);
    this.#parked.delete(state);
  }

  close(): void {
    for (const { timer, value } of this.#parked.values()) {
      clearTimeout(timer);
      this.#onGiveUp(value, new DOMException("The server is closed", "AbortError"));
    }
    this.#parked.clear();
  }
}
