// Copied from shared/core/leaving.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { CallContext } from "./contract.ts";

/** Whether somebody still waits. Most work ends before anybody asks, and a signal is not free to make. */
export interface Waited {
  /** Aborted when nobody waits any longer; may be made when one looks at it. */
  readonly signal: AbortSignal;
  /** The same as of `signal`, for whom it is enough to know. */
  readonly isAborted?: boolean;
}

/** Looks at the signal only where there is no other way to know. */
export const isAborted = (waited: Waited): boolean => waited.isAborted ?? waited.signal.aborted;

/**
 * Tells that nobody waits any longer, by a signal that is made when one looks at it. Aborted with `host`
 * too, as far as that is seen when one looks.
 */
export class Leaving implements Waited {
  readonly #host: Waited | undefined;
  #controller: AbortController | undefined;
  #reason: unknown;
  #isAborted = false;

  constructor(host?: Waited) {
    this.#host = host;
  }

  get isAborted(): boolean {
    return this.#isAborted || (this.#host !== undefined && isAborted(this.#host));
  }

  get signal(): AbortSignal {
    if (!this.#isAborted && this.#host && isAborted(this.#host))
      this.abort(this.#host.signal.reason);
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#isAborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** The first reason is the one. */
  abort(reason: unknown): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}

/** A context whose signal is made when one looks at it; the rest is as the contract has it. */
export class WaitedContext implements CallContext {
  readonly era: CallContext["era"];
  declare canAsk?: boolean;
  declare requestId?: string | number;
  declare client?: NonNullable<CallContext["client"]>;
  declare principal?: NonNullable<CallContext["principal"]>;
  declare credentials?: NonNullable<CallContext["credentials"]>;
  declare inputResponses?: NonNullable<CallContext["inputResponses"]>;
  declare requestState?: string;
  declare traceparent?: string;
  declare progress?: NonNullable<CallContext["progress"]>;
  declare notify?: NonNullable<CallContext["notify"]>;
  readonly #waited: Waited;

  constructor(waited: Waited, era: CallContext["era"]) {
    this.#waited = waited;
    this.era = era;
  }

  get signal(): AbortSignal {
    return this.#waited.signal;
  }
  get isAborted(): boolean {
    return isAborted(this.#waited);
  }
}

/** The same call as `waited` bounds it, and as that of `principal`: an own copy, so that what differs can be set on it. */
export function copyContext(
  given: CallContext,
  waited: Waited,
  principal: CallContext["principal"],
): WaitedContext {
  const copy = new WaitedContext(waited, given.era);
  if (given.canAsk !== undefined) copy.canAsk = given.canAsk;
  if (given.requestId !== undefined) copy.requestId = given.requestId;
  if (given.client) copy.client = given.client;
  if (principal) copy.principal = principal;
  if (given.credentials) copy.credentials = given.credentials;
  if (given.inputResponses) copy.inputResponses = given.inputResponses;
  if (given.requestState !== undefined) copy.requestState = given.requestState;
  if (given.traceparent !== undefined) copy.traceparent = given.traceparent;
  if (given.progress) copy.progress = given.progress;
  if (given.notify) copy.notify = given.notify;
  return copy;
}
