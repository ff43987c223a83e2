// Copied from shared/http-client/attempt.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { Agent, Dispatcher } from "undici";
import { ToolError } from "#shared/core/errors.ts";
import type { Call } from "./call.ts";
import { decompress } from "./decompress.ts";
import { callError, statusError } from "./errors.ts";
import { networkFailure } from "./network-errors.ts";
import type { HttpClientOptions } from "./options.ts";
import { stayOnOrigin } from "./redirects.ts";
import { createResponse, type HttpResponse, type RawResponse } from "./response.ts";
import { type Outcome, parseRetryAfter, RETRIED_STATUSES } from "./retry.ts";

/** The pool, and undici's part that works on each request. */
export interface Transport {
  agent: Agent;
  followRedirects: Dispatcher.DispatcherComposeInterceptor;
}

export interface AttemptOptions {
  transport: Transport;
  signal: AbortSignal;
  maxBytes: number;
  now: () => number;
  describeError: HttpClientOptions["describeError"];
}

type Answer = Dispatcher.ResponseData;

function plainHeaders(headers: Answer["headers"]): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [[name, typeof value === "string" ? value : value.join(", ")] as const],
  );
  return Object.fromEntries(entries);
}

/** Read to the end whatever the status, so that the connection goes back to the pool. */
async function readBody(call: Call, answer: Answer, options: AttemptOptions): Promise<RawResponse> {
  const headers = plainHeaders(answer.headers);
  const status = answer.statusCode;
  try {
    const packed = await answer.body.bytes();
    const bytes = await decompress(call, packed, headers["content-encoding"], options.maxBytes);
    return { status, headers, bytes };
  } catch (error) {
    // The status says more than a body of an error that is too long or breaks off.
    if (status >= 400 && !options.signal.aborted)
      return { status, headers, bytes: new Uint8Array() };
    throw error;
  }
}

function judge(call: Call, raw: RawResponse, options: AttemptOptions): Outcome<HttpResponse> {
  const { status, headers } = raw;
  const response = createResponse(call, raw);
  if (status < 300 || status === 304) return { ok: true, value: response };
  if (status < 400) {
    const error = callError(
      call,
      "API_ERROR",
      `answered ${status}: a redirect too many, or one without an address. Check the address.`,
    );
    return { ok: false, error, transient: false };
  }
  const retryAfterMs = parseRetryAfter(headers["retry-after"], options.now());
  const { error, transient = RETRIED_STATUSES.has(status) } = statusError(
    call,
    { status, text: response.text(), retryAfterMs },
    options.describeError,
  );
  return {
    ok: false,
    error,
    transient: call.idempotent && transient,
    retryAfterMs,
  };
}

/** Sends `call` once and reads the answer to its end. Never throws. */
export async function attempt(call: Call, options: AttemptOptions): Promise<Outcome<HttpResponse>> {
  const { transport, signal } = options;
  const { origin, path, method, headers, body } = call;
  try {
    const dispatcher = transport.agent.compose(
      stayOnOrigin(call, origin),
      transport.followRedirects,
    );
    const answer = await dispatcher.request({ origin, path, method, headers, body, signal });
    return judge(call, await readBody(call, answer, options), options);
  } catch (error) {
    if (signal.aborted && signal.reason instanceof ToolError)
      return { ok: false, error: signal.reason, transient: false };
    const failure = networkFailure(call, error, options.maxBytes);
    return { ...failure, transient: failure.transient && call.idempotent };
  }
}
