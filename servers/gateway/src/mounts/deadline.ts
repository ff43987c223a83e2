import { afterTurn } from "#shared/core/after-turn.ts";
import type { CallContext } from "#shared/core/contract.ts";
import { copyContext, isAborted, Leaving, type Waited } from "#shared/core/leaving.ts";

/** A call that reports progress may run this many times as long as one that is silent. */
export const MAX_TOTAL_FACTOR = 10;

/**
 * Bounds how long a call may be silent, in milliseconds, and with that how long it may run. Nothing is
 * armed, and no signal made, for a call that ends at once, as most do.
 */
export class Deadline implements Waited {
  /** The caller's context, with a signal that the deadline aborts too. */
  readonly context: CallContext;
  /** Told once when nobody waits any longer. */
  onEnd: ((reason: unknown) => void) | undefined;
  /** Whether the time is over: then nobody has left, the server has not answered. */
  isOver = false;
  readonly #given: CallContext;
  readonly #leaving: Leaving;
  readonly #limitMs: number;
  #latest = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #disarm: () => void;

  constructor(given: CallContext, limitMs: number) {
    this.#leaving = new Leaving(given);
    this.#given = given;
    this.#limitMs = limitMs;
    const context = copyContext(given, this, given.principal);
    context.progress = (...args) => this.#progress(...args);
    this.context = context;
    this.#disarm = afterTurn(() => this.#arm());
  }

  get signal(): AbortSignal {
    return this.#leaving.signal;
  }
  get isAborted(): boolean {
    return this.#leaving.isAborted;
  }

  #abort(reason: unknown): void {
    this.#leaving.abort(reason);
    const { onEnd } = this;
    this.onEnd = undefined;
    onEnd?.(reason);
  }

  clear(): void {
    this.#disarm();
  }

  #arm(): void {
    const onAbort = () => this.#abort(this.#given.signal.reason);
    if (isAborted(this.#given)) {
      onAbort();
      return;
    }
    const { signal } = this.#given;
    signal.addEventListener("abort", onAbort, { once: true });
    this.#latest = Date.now() + this.#limitMs * MAX_TOTAL_FACTOR;
    this.#timer = setTimeout(this.#expire, this.#limitMs);
    this.#disarm = () => {
      clearTimeout(this.#timer);
      signal.removeEventListener("abort", onAbort);
    };
  }

  readonly #expire = (): void => {
    this.isOver = true;
    this.#abort(new DOMException(`No answer within ${this.#limitMs} ms`, "TimeoutError"));
  };

  #progress(...args: Parameters<NonNullable<CallContext["progress"]>>): void {
    if (this.#timer && !this.isOver) {
      clearTimeout(this.#timer);
      const left = Math.max(0, Math.min(this.#limitMs, this.#latest - Date.now()));
      this.#timer = setTimeout(this.#expire, left);
    }
    this.#given.progress?.(...args);
  }
}
