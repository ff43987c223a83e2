// Copied from shared/core/runtime.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { createAsk, InputNeeded, ProtocolFailure } from "./ask.ts";
import type { StandardConfig } from "./config.ts";
import type { Context } from "./context.ts";
import type {
  CallContext,
  InputRequired,
  Log,
  Outcome,
  RpcError,
  ServerEvent,
} from "./contract.ts";
import { ToolError, toToolError } from "./errors.ts";
import { Leaving } from "./leaving.ts";
import { mask, maskJson } from "./mask.ts";
import { INTERNAL_ERROR, INVALID_PARAMS, RESOURCE_NOT_FOUND } from "./rpc-codes.ts";
import { runUntil } from "./run.ts";
import type { Services } from "./services.ts";
import type { StateSeal } from "./state.ts";

/** What the calls of one instance share. */
export interface Runtime {
  config: StandardConfig & Record<string, unknown>;
  secrets: readonly string[];
  /** Where to get a variable, for `context.require`. */
  hint(variable: string): string;
  services: Services;
  log: Log;
  /** Resolves when every line so far is written. */
  flushLog(): Promise<void>;
  seal: StateSeal;
  now(): Date;
  emit(event: ServerEvent): void;
  callsInFlight: number;
}

type AnyContext = Context<StandardConfig & Record<string, unknown>, Record<string, unknown>>;

const NO_CREDENTIALS = Object.freeze({});
const NO_CLIENT = Object.freeze({ capabilities: Object.freeze({}) });

/** A handler's context; a class, because most calls look at two or three of its members. */
class HandlerContext implements AnyContext {
  readonly #runtime: Runtime;
  readonly #host: CallContext;
  readonly #leaving: Leaving;
  readonly #subject: readonly unknown[];
  #ask: AnyContext["ask"] | undefined;

  constructor(runtime: Runtime, host: CallContext, leaving: Leaving, subject: readonly unknown[]) {
    this.#runtime = runtime;
    this.#host = host;
    this.#leaving = leaving;
    this.#subject = subject;
  }

  get signal() {
    return this.#leaving.signal;
  }
  get log() {
    return this.#runtime.log;
  }
  get config() {
    return this.#runtime.config;
  }
  get services() {
    return this.#runtime.services;
  }
  get principal() {
    return this.#host.principal;
  }
  get credentials() {
    return this.#host.credentials ?? NO_CREDENTIALS;
  }
  get requestId() {
    return String(this.#host.requestId ?? "");
  }
  get client() {
    return this.#host.client ?? NO_CLIENT;
  }
  get ask() {
    this.#ask ??= createAsk(this.#host, this.#runtime.seal, this.#binding(), this.now);
    return this.#ask;
  }

  get now() {
    return this.#runtime.now;
  }
  // functions that handlers may take out of the context, made when one does
  get progress(): AnyContext["progress"] {
    return (...args) => this.#host.progress?.(...args);
  }
  get notify(): AnyContext["notify"] {
    return (...args) => this.#host.notify?.(...args);
  }
  get changed(): AnyContext["changed"] {
    return (event) => this.#runtime.emit(event);
  }
  get require(): AnyContext["require"] {
    return (name) => requireVariable(this.#runtime, name);
  }

  #binding(): string {
    return JSON.stringify([...this.#subject, this.#host.principal?.id ?? ""]);
  }
}

function requireVariable<K extends string>(runtime: Runtime, name: K) {
  const value = runtime.config[name];
  if (value !== undefined && value !== null) return value;
  throw new ToolError("CONFIG_ERROR", `${name} is not set. ${runtime.hint(name)}`, {
    details: { reason: "missing_variable", variable: name },
  });
}

export interface Work<T> {
  /** What is run, for the log: "tools/call add". */
  label: string;
  /** The subject and the input, to which sealed state belongs. */
  subject: readonly unknown[];
  deadlineMs: number;
  run(context: AnyContext): T | PromiseLike<T>;
  /** A failure as a result of its own (tools); absent, it is an error of the protocol. */
  fail?(error: ToolError): T;
}

/** Runs a handler at the boundary: here, and only here, what it throws becomes what the client sees. */
export async function runHandler<T>(
  runtime: Runtime,
  host: CallContext,
  work: Work<T>,
): Promise<Outcome<T | InputRequired>> {
  const leaving = new Leaving(host);
  runtime.callsInFlight++;
  try {
    // an echoed state is checked even when the handler asks nothing this time
    const context = new HandlerContext(runtime, host, leaving, work.subject);
    if (host.requestState !== undefined) void context.ask;
    return { result: await runUntil(host, leaving, work.deadlineMs, () => work.run(context)) };
  } catch (error) {
    if (error instanceof InputNeeded) return { result: error.required };
    if (error instanceof ProtocolFailure) return { error: error.rpc };
    const failure = maskError(toToolError(error, host.signal), runtime.secrets);
    report(runtime.log, work.label, failure, host);
    return work.fail ? { result: work.fail(failure) } : { error: toRpcError(failure, host.era) };
  } finally {
    runtime.callsInFlight--;
  }
}

/** Details come from anywhere, so they are made JSON here: the boundary itself must not throw. */
function maskError(error: ToolError, secrets: readonly string[]): ToolError {
  const details = (maskJson(error.details, secrets) ?? {}) as Record<string, unknown>;
  return new ToolError(error.code, mask(error.message, secrets), { details, cause: error.cause });
}

/** Unforeseen errors are ours to mend and are logged whole; the others are the caller's business. */
function report(log: Log, label: string, error: ToolError, host: CallContext): void {
  const fields = { call: label, code: error.code, requestId: host.requestId };
  if (error.code === "UNKNOWN") log.error(error.message, { ...fields, error: error.cause });
  else log.debug(error.message, fields);
}

const NOT_FOUND = { legacy: RESOURCE_NOT_FOUND, modern: INVALID_PARAMS };

function toRpcError({ code, message, details }: ToolError, era: CallContext["era"]): RpcError {
  const data = { ...details, code };
  if (code === "NOT_FOUND") return { code: NOT_FOUND[era], message, data };
  return { code: code === "VALIDATION_ERROR" ? INVALID_PARAMS : INTERNAL_ERROR, message, data };
}

/** The protocol's answer to parameters that name nothing the server has. */
export const invalidParams = (message: string, data?: unknown): { error: RpcError } => ({
  error: { code: INVALID_PARAMS, message, ...(data !== undefined && { data }) },
});

export const resourceNotFound = (uri: string, era: CallContext["era"]): { error: RpcError } => ({
  error: { code: NOT_FOUND[era], message: `Resource ${uri} not found`, data: { uri } },
});
