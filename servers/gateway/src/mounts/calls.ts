import type { CallContext, Instance, Log, Outcome } from "#shared/core/contract.ts";
import { ToolError, toToolError } from "#shared/core/errors.ts";
import { toErrorResult } from "#shared/core/result.ts";
import { isThenable } from "#shared/core/run.ts";
import type { Deadline } from "./deadline.ts";

/** Ends calls whose server has gone away. */
export class Gone extends Error {}

/** The calls in flight of one connection, so that they end with it. */
export class CallsInFlight {
  readonly #rejects = new Set<(error: unknown) => void>();
  readonly #waiting: (() => void)[] = [];

  get size(): number {
    return this.#rejects.size;
  }

  /** Runs until the work ends, the caller leaves or the server goes away; then it is not waited for any longer. */
  run<T>(deadline: Pick<Deadline, "onEnd"> | undefined, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) => {
        this.#ended(fail);
        reject(error);
      };
      this.#rejects.add(fail);
      if (deadline) deadline.onEnd = fail;
      try {
        const done = (value: T | Promise<T>) => {
          this.#ended(fail);
          resolve(value);
        };
        // a broken server may throw, or return, before there is a promise
        const working: T | Promise<T> = work();
        if (isThenable(working)) working.then(done, fail);
        else done(working);
      } catch (error) {
        fail(error);
      }
    });
  }

  #ended(fail: (error: unknown) => void): void {
    this.#rejects.delete(fail);
    if (this.#waiting.length > 0) this.#tellIfIdle();
  }

  endAll(): void {
    for (const reject of [...this.#rejects]) reject(new Gone());
    this.#tellIfIdle();
  }

  /** Resolves when no call is in flight. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#tellIfIdle();
    });
  }

  #tellIfIdle(): void {
    if (this.#rejects.size === 0) for (const tell of this.#waiting.splice(0)) tell();
  }
}

/** The contract says that methods answer with a result or an error. */
export function checkOutcome<T>(outcome: Outcome<T>): Outcome<T> {
  const isObject = (value: unknown) => typeof value === "object" && value !== null;
  if (isObject(outcome) && (isObject(outcome.result) || isObject(outcome.error))) return outcome;
  throw new TypeError("The server answered with neither a result nor an error");
}

/** A failed tool call is a result, as every tool of every server gives it. */
export const failedCall =
  (now: () => Date) =>
  (error: ToolError): Awaited<ReturnType<Instance["call"]>> => ({
    result: toErrorResult(error, now()),
  });

const INTERNAL_ERROR = -32603;

/** What has no results of failure answers with an error of the protocol. */
export const failedRequest = ({
  code,
  message,
  details,
}: ToolError): { error: NonNullable<Outcome<never>["error"]> } => ({
  error: { code: INTERNAL_ERROR, message, data: { ...details, code } },
});

/** What a caller is told when a server breaks the contract: its methods never throw. */
export function breach(
  server: string,
  error: unknown,
  context: CallContext | undefined,
  log: Log,
): ToolError {
  if (error instanceof ToolError) return error;
  if (context?.signal.aborted) return toToolError(error, context.signal);
  log.error("A server broke its contract", { server, requestId: context?.requestId, error });
  return new ToolError(
    "UNKNOWN",
    `${server} failed in a way it did not foresee. Try again; if it fails again, report it with the time of this call.`,
  );
}

const SECOND_MS = 1_000;

/** What a caller is told while a server is down. */
export function unavailable(server: string, retryAt: number | undefined, now: Date): ToolError {
  const seconds =
    retryAt === undefined
      ? undefined
      : Math.max(1, Math.ceil((retryAt - now.getTime()) / SECOND_MS));
  const advice =
    seconds === undefined
      ? "It does not come back by itself: tell whoever runs this gateway."
      : `Try again in ${seconds} s.`;
  return new ToolError("UNAVAILABLE", `${server} is not available just now. ${advice}`, {
    details: {
      reason: "server_down",
      server,
      ...(seconds !== undefined && { retryAfterSeconds: seconds }),
    },
  });
}
