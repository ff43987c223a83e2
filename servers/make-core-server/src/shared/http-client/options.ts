// Copied from shared/http-client/options.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { ErrorCode } from "#shared/core/errors.ts";

/** How long a TCP and TLS handshake may take, milliseconds. */
export const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
/** How long the response headers may take once the request is sent, milliseconds. */
export const DEFAULT_HEADERS_TIMEOUT_MS = 20_000;
/** The longest silence inside a response body, milliseconds. */
export const DEFAULT_BODY_TIMEOUT_MS = 20_000;
/** The whole call: queueing, every attempt, every wait and every redirect, milliseconds. */
export const DEFAULT_DEADLINE_MS = 30_000;
/** The longest delay a timer of Node takes; it fires at once on a longer one. Longer deadlines are cut to it. */
export const MAX_TIMER_MS = 2_147_483_647;
/** Attempts in all, the first one included. */
export const DEFAULT_MAX_ATTEMPTS = 3;
/** The upper bound of the first random wait, milliseconds; it doubles with every attempt. */
export const BACKOFF_BASE_MS = 250;
/** What the doubling stops at, milliseconds. */
export const BACKOFF_CAP_MS = 8_000;
/** A longer Retry-After is reported to the caller as RATE_LIMITED and not waited for, milliseconds. */
export const DEFAULT_MAX_RETRY_AFTER_MS = 10_000;
/** The largest response body, bytes; counted on the wire and again after decompression. */
export const DEFAULT_MAX_RESPONSE_BYTES = 10 * 1024 * 1024;
/** Redirects followed in a row. */
export const DEFAULT_MAX_REDIRECTS = 5;
/** Sockets open to one origin at a time; further requests queue under their deadline. */
export const DEFAULT_CONNECTIONS_PER_ORIGIN = 16;

export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";

/** What an API says about its own failure, in the words for the caller. Everything in it is redacted before it is used. */
export interface ErrorDescription {
  message?: string | undefined;
  /** Replaces the code the status stands for. */
  code?: ErrorCode | undefined;
  details?: Record<string, unknown> | undefined;
  /**
   * Whether another attempt may help, where the API knows better than the status: false for a limit
   * that ends in an hour, true for a 500 that passes. Only idempotent requests are sent again.
   */
  transient?: boolean | undefined;
}

/** The clock (milliseconds since 1970), the dice (0 inclusive to 1 exclusive) and the wait; replaced in tests. */
export interface Time {
  now(): number;
  random(): number;
  /** Resolves after `ms`, rejects as soon as `signal` aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export interface HttpClientOptions {
  /** Relative targets resolve below it, and never out of it. Required for relative targets. */
  baseUrl?: string | URL | undefined;
  /** Sent with every request; with a `baseUrl`, only to its origin, because they may hold credentials. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Values that no message or detail of an error may contain, in any usual encoding. */
  secrets?: readonly string[] | undefined;
  /** Reads the error shape of this API: `body` is the parsed JSON, else the text. A throw counts as nothing. */
  describeError?: ((status: number, body: unknown) => ErrorDescription | undefined) | undefined;
  connectTimeoutMs?: number | undefined;
  headersTimeoutMs?: number | undefined;
  bodyTimeoutMs?: number | undefined;
  deadlineMs?: number | undefined;
  maxAttempts?: number | undefined;
  maxRetryAfterMs?: number | undefined;
  maxResponseBytes?: number | undefined;
  maxRedirects?: number | undefined;
  connectionsPerOrigin?: number | undefined;
  time?: Partial<Time> | undefined;
}

type Scalar = string | number | boolean;

export interface RequestOptions {
  /** Default GET. */
  method?: Method | undefined;
  /** Added to the query of the target. Undefined and null are left out, a list repeats its name. */
  query?: Readonly<Record<string, Scalar | readonly Scalar[] | null | undefined>> | undefined;
  /** Over the client's headers, whatever the case of their names; undefined removes one. */
  headers?: Readonly<Record<string, string | undefined>> | undefined;
  /** Sent as JSON, with its content type. */
  json?: unknown;
  /** Sent as it is, instead of `json`. Never a stream, so that a retry can send it again. */
  body?: string | Uint8Array | undefined;
  signal?: AbortSignal | undefined;
  /** Instead of the client's. */
  deadlineMs?: number | undefined;
  /** Called before every attempt, for what counts requests; what it throws ends the call. */
  beforeAttempt?: (() => void) | undefined;
  /** True lets a POST or PATCH be retried, false forbids retrying any other. */
  idempotent?: boolean | undefined;
}
