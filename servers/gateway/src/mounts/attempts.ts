import type { Log } from "#shared/core/contract.ts";
import type { Catalogue } from "./catalogue.ts";
import { closeQuietly } from "./connect-within.ts";
import { MountError } from "./mount-error.ts";
import { listsOfRunning, type OpenOptions, openServer, type Running } from "./running.ts";

/** What comes of an attempt that neither a newer one nor the end of the gateway has made useless. */
export interface AttemptListener {
  onUp(running: Running, catalogue: Catalogue): void;
  onFail(error: unknown): void;
}

/** Attempts to open the server of a mount, one at a time: a newer one ends the one before. */
export class Attempts {
  readonly #log: Log;
  readonly #listener: AttemptListener;
  readonly #closing = new AbortController();
  #current: AbortController | undefined;

  constructor(log: Log, listener: AttemptListener) {
    this.#log = log;
    this.#listener = listener;
  }

  get isOn(): boolean {
    return this.#current !== undefined;
  }

  async begin(options: Omit<OpenOptions, "signal">): Promise<void> {
    this.#current?.abort(new MountError("it was replaced"));
    const attempt = new AbortController();
    this.#current = attempt;
    const signal = AbortSignal.any([this.#closing.signal, attempt.signal]);
    let running: Running | undefined;
    try {
      running = await openServer({ ...options, signal });
      const catalogue = listsOfRunning(running);
      signal.throwIfAborted();
      this.#listener.onUp(running, catalogue);
    } catch (error) {
      if (running) await closeQuietly(running, this.#log, options.mount);
      if (this.#current === attempt && !this.#closing.signal.aborted) this.#listener.onFail(error);
    } finally {
      if (this.#current === attempt) this.#current = undefined;
    }
  }

  /** For good. */
  close(): void {
    this.#closing.abort(new MountError("the gateway stops", { retry: false }));
  }
}
