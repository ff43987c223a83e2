import { type Backoff, CRASH_LOOP_FAILURES } from "./backoff.ts";

/** When a mount that failed is tried again: later after each failure in a row. */
export class Retries {
  readonly #backoff: Backoff;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(backoff: Backoff) {
    this.#backoff = backoff;
  }

  /** Whether it failed so often in a row that it is said to crash in a loop. */
  get isLoop(): boolean {
    return this.#failures >= CRASH_LOOP_FAILURES;
  }

  /** Runs it after a while; returns how many milliseconds that is. */
  later(run: () => void): number {
    const delay = this.#backoff(this.#failures++);
    this.stop();
    this.#timer = setTimeout(run, delay);
    return delay;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** The next failure waits as a first one does. */
  forget(): void {
    this.#failures = 0;
  }
}
