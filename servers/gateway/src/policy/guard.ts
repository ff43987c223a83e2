import type { CallContext, Outcome } from "#shared/core/contract.ts";
import type { ToolError } from "#shared/core/errors.ts";
import { copyContext } from "#shared/core/leaving.ts";
import { Caller } from "../access/caller.ts";
import type { Activity, Surface } from "../activity/activity.ts";
import type { Counts } from "../activity/counts.ts";
import { type HowEnded, howEnded } from "./outcome.ts";

/** One request that a viewer may make. */
export interface Guarded<T> {
  counts: Counts;
  surface: Surface;
  isDestructive: boolean;
  argumentNames?: ReadonlyMap<string, string>;
  input: unknown;
  context: CallContext;
  /** Why what `run` answers is a refusal, where it is one: limits are asked first all the same. */
  denied?: string;
  run(context: CallContext): Promise<Outcome<T>>;
  /** Words a refusal. */
  fail(error: ToolError): Outcome<T>;
}

/** Why a request is not passed on. */
export interface Refusal {
  error: ToolError;
  outcome: "denied" | "rate_limited";
  reason: string;
}

/** What is asked before a request is passed on; undefined lets it pass. */
export type Check = (
  request: Pick<Guarded<unknown>, "counts" | "isDestructive" | "context" | "surface">,
  caller: Caller | undefined,
) => Refusal | undefined | Promise<Refusal | undefined>;

/** What a span is begun with, and how it is ended. */
export type StartSpan = (request: Guarded<unknown>, caller: Caller | undefined) => SpanOfCall;

export interface SpanOfCall {
  /** Undefined when it is not recorded. */
  traceId: string | undefined;
  /** What the server gets as its parent. */
  traceparent: string | undefined;
  end(ended: HowEnded): void;
}

/** What a gateway does with each request beside passing it on; each may be absent. */
export interface GuardSteps {
  /** In this order. */
  checks: readonly Check[];
  startSpan?: StartSpan | undefined;
  /** The caller's own credentials for one server. */
  credentialsOf?(caller: Caller, server: string): Readonly<Record<string, string>> | undefined;
}

/** A request on its way. */
interface Running {
  request: Guarded<object>;
  caller: Caller | undefined;
  start: number;
  span: SpanOfCall | undefined;
}

/**
 * The way of every request, whatever surface it came by: limits and other checks, then the server, then
 * the books. What a viewer may not know of comes here as `denied`, by no name: see `MountView`.
 */
export class Guard {
  readonly activity: Activity;
  #steps: GuardSteps = { checks: [] };

  constructor(activity: Activity) {
    this.activity = activity;
  }

  /** Takes effect with the next request. */
  use(steps: GuardSteps): void {
    this.#steps = steps;
  }

  /** Rejects only where `run` does. Written without awaiting where nothing has to be waited for: every call comes by here. */
  pass<T extends object>(request: Guarded<T>): Promise<Outcome<T>> {
    const { counts, context } = request;
    const caller = context.principal instanceof Caller ? context.principal : undefined;
    const running: Running = {
      request,
      caller,
      start: performance.now(),
      span: this.#steps.startSpan?.(request, caller),
    };
    counts.inFlight++;
    const refusal = this.#refusal(request, caller);
    return refusal instanceof Promise
      ? refusal.then((found) => this.#go(request, running, found))
      : this.#go(request, running, refusal);
  }

  #go<T extends object>(
    request: Guarded<T>,
    running: Running,
    refusal: Refusal | undefined,
  ): Promise<Outcome<T>> {
    if (refusal) {
      this.#end(running, { outcome: refusal.outcome, reason: refusal.reason, answered: 0 });
      return Promise.resolve(request.fail(refusal.error));
    }
    const context = this.#forwarded(request, running);
    return request.run(context).then(
      (outcome) => {
        const { denied } = request;
        this.#end(
          running,
          denied === undefined
            ? howEnded(outcome)
            : { outcome: "denied", reason: denied, answered: 0 },
        );
        return outcome;
      },
      (error) => {
        this.#end(running, { outcome: "protocol_error", reason: "thrown", answered: 0 });
        throw error;
      },
    );
  }

  #end({ request, caller, start, span }: Running, ended: HowEnded): void {
    const { counts, surface, context, input, isDestructive, argumentNames } = request;
    const { outcome, reason, answered } = ended;
    counts.inFlight--;
    span?.end(ended);
    this.activity.ended({
      counts,
      surface,
      caller,
      context,
      input,
      outcome,
      reason,
      startedAt: performance.timeOrigin + start,
      ms: performance.now() - start,
      answered,
      isDestructive,
      argumentNames,
      traceId: span?.traceId,
    });
  }

  #refusal(
    request: Guarded<object>,
    caller: Caller | undefined,
  ): Refusal | undefined | Promise<Refusal | undefined> {
    const { checks } = this.#steps;
    for (let index = 0; index < checks.length; index++) {
      const asked = checks[index]?.(request, caller);
      if (asked instanceof Promise) return this.#restOf(checks, index + 1, asked, request, caller);
      if (asked) return asked;
    }
    return undefined;
  }

  async #restOf(
    checks: readonly Check[],
    next: number,
    asked: Promise<Refusal | undefined>,
    request: Guarded<object>,
    caller: Caller | undefined,
  ): Promise<Refusal | undefined> {
    const refusal = await asked;
    if (refusal) return refusal;
    for (const check of checks.slice(next)) {
      const found = await check(request, caller);
      if (found) return found;
    }
    return undefined;
  }

  /** What the server gets to know: neither a token nor an address, and credentials that are meant for it. */
  #forwarded(
    { context, counts: { server } }: Guarded<object>,
    { caller, span }: Running,
  ): CallContext {
    if (!caller && !span) return context;
    const forwarded = copyContext(context, context, caller ? told(caller) : context.principal);
    const credentials = caller && this.#steps.credentialsOf?.(caller, server);
    if (credentials) forwarded.credentials = credentials;
    if (span?.traceparent !== undefined) forwarded.traceparent = span.traceparent;
    return forwarded;
  }
}

/** What a server gets to know of a caller: the id and the scopes, and nothing else. */
const told = ({ identity }: Caller) =>
  identity.kind === "anonymous" ? undefined : identity.principal;
