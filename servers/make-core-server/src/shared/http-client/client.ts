// Copied from shared/http-client/client.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { setTimeout as delay } from "node:timers/promises";
import { attempt, type Transport } from "./attempt.ts";
import { prepareCall } from "./call.ts";
import { callError } from "./errors.ts";
import type { HttpClientOptions, RequestOptions, Time } from "./options.ts";
import * as defaults from "./options.ts";
import type { HttpResponse, Parser } from "./response.ts";
import { withRetries } from "./retry.ts";
import { openScope, type Scope } from "./scope.ts";

export interface HttpClient {
  /**
   * Sends a request and reads its answer to the end. Resolves for a status under 300 and for 304.
   *
   * Retries idempotent requests on 429, 502, 503, 504 and broken connections; redirects are followed
   * within the origin only.
   *
   * Errors, all ToolError: by status PERMISSION_DENIED (401, 403), NOT_FOUND, CONFLICT, RATE_LIMITED
   * (429, or a Retry-After too long to wait for; see details.retryAfterSeconds), API_ERROR; TIMEOUT,
   * CANCELLED, UNAVAILABLE; VALIDATION_ERROR for a target that cannot be sent.
   */
  request(target: string | URL, options?: RequestOptions): Promise<HttpResponse>;
  /** request(), and the body as JSON, checked by `parser` (a zod schema) if there is one. */
  json(target: string | URL, options?: RequestOptions): Promise<unknown>;
  json<T>(target: string | URL, options: RequestOptions & { parser: Parser<T> }): Promise<T>;
  /** Ends what still runs with CANCELLED and closes every connection. May be called again. */
  close(): Promise<void>;
}

const realTime: Time = {
  now: Date.now,
  random: Math.random,
  sleep: (ms, signal) => delay(ms, undefined, { signal }),
};

/** Loading undici takes some 100 ms, so that it waits for the first request. */
async function openTransport(options: HttpClientOptions): Promise<Transport> {
  const { Agent, interceptors } = await import("undici");
  const agent = new Agent({
    connections: options.connectionsPerOrigin ?? defaults.DEFAULT_CONNECTIONS_PER_ORIGIN,
    connectTimeout: options.connectTimeoutMs ?? defaults.DEFAULT_CONNECT_TIMEOUT_MS,
    headersTimeout: options.headersTimeoutMs ?? defaults.DEFAULT_HEADERS_TIMEOUT_MS,
    bodyTimeout: options.bodyTimeoutMs ?? defaults.DEFAULT_BODY_TIMEOUT_MS,
    maxResponseSize: options.maxResponseBytes ?? defaults.DEFAULT_MAX_RESPONSE_BYTES,
  });
  const maxRedirections = options.maxRedirects ?? defaults.DEFAULT_MAX_REDIRECTS;
  return { agent, followRedirects: interceptors.redirect({ maxRedirections }) };
}

/**
 * One client a server: connections are kept and shared by all its calls. Nothing is loaded or opened
 * before the first request. Limits and their defaults: options.ts.
 */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const time: Time = { ...realTime, ...options.time };
  const maxBytes = options.maxResponseBytes ?? defaults.DEFAULT_MAX_RESPONSE_BYTES;
  const running = new Map<Scope, () => void>();
  let transport: Promise<Transport> | undefined;
  let closed = false;

  async function request(target: string | URL, given: RequestOptions = {}): Promise<HttpResponse> {
    const call = prepareCall(options, target, given);
    if (closed) throw callError(call, "UNAVAILABLE", "was not asked: this client is closed.");
    const { label } = call;
    const deadlineMs = given.deadlineMs ?? options.deadlineMs ?? defaults.DEFAULT_DEADLINE_MS;
    const scope = openScope({ label, deadlineMs, now: time.now(), signal: given.signal });
    running.set(scope, () =>
      scope.abort(callError(call, "CANCELLED", "was stopped: this client was closed.")),
    );
    try {
      transport ??= openTransport(options);
      const attempting = {
        transport: await transport,
        signal: scope.signal,
        maxBytes,
        now: time.now,
        describeError: options.describeError,
      };
      const once = () => {
        given.beforeAttempt?.();
        return attempt(call, attempting);
      };
      return await withRetries(once, {
        label,
        maxAttempts: options.maxAttempts ?? defaults.DEFAULT_MAX_ATTEMPTS,
        maxRetryAfterMs: options.maxRetryAfterMs ?? defaults.DEFAULT_MAX_RETRY_AFTER_MS,
        scope,
        time,
      });
    } finally {
      running.delete(scope);
      scope.end();
    }
  }

  function json(target: string | URL, given?: RequestOptions): Promise<unknown>;
  function json<T>(target: string | URL, given: RequestOptions & { parser: Parser<T> }): Promise<T>;
  async function json(
    target: string | URL,
    given: RequestOptions & { parser?: Parser<unknown> } = {},
  ): Promise<unknown> {
    const response = await request(target, given);
    return given.parser === undefined ? response.json() : response.json(given.parser);
  }

  async function close(): Promise<void> {
    closed = true;
    for (const stop of running.values()) stop();
    await (await transport)?.agent.destroy();
  }

  return { request, json, close };
}
