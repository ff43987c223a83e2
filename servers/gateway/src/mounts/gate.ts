import { ToolError } from "#shared/core/errors.ts";

/** Lets so many calls run at a time, and so many wait in order: one slow server fills no more than its own queue. */
export class Gate {
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  #limit: number;
  #queue: number;

  constructor(limit: number, queue: number) {
    this.#limit = limit;
    this.#queue = queue;
  }

  resize(limit: number, queue: number): void {
    this.#limit = limit;
    this.#queue = queue;
    while (this.#running < this.#limit && this.#waiting.length > 0) this.#next();
  }

  get isFree(): boolean {
    return this.#running < this.#limit;
  }

  /** Takes a place at once; the caller has asked `isFree`. */
  take(): void {
    this.#running++;
  }

  /** Waits for a place. Rejects when too many wait, and when the caller leaves. */
  enter(server: string, signal: AbortSignal): Promise<void> {
    if (this.#waiting.length >= this.#queue) return Promise.reject(busy(server));
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      };
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#waiting.push(go);
    });
  }

  leave(): void {
    this.#running--;
    if (this.isFree && this.#waiting.length > 0) this.#next();
  }

  #next(): void {
    this.#running++;
    this.#waiting.shift()?.();
  }
}

const busy = (server: string) =>
  new ToolError(
    "RATE_LIMITED",
    `${server} has as many calls as it can take just now. Try again in a second.`,
    { details: { reason: "busy", server, retryAfterSeconds: 1 } },
  );
