// Copied from shared/mcp/cors.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
/** What browsers are told, over `node:http` and as web-standard `fetch`, so that pages of other origins can call. */

/** Seconds for which a browser need not ask again. */
const MAX_AGE = "600";
const METHODS = "GET, HEAD, POST";
const EXPOSED = "WWW-Authenticate, Retry-After, ETag";

/** What pages may send, to a gateway too. Names with a part of their own are let through one by one, as they are asked for. */
const ALLOWED = new Set([
  "accept",
  "authorization",
  "content-type",
  "if-none-match",
  "last-event-id",
  "mcp-method",
  "mcp-name",
  "mcp-protocol-version",
  "traceparent",
  "x-api-key",
  "x-flotilla-admin",
]);
const OPEN_ENDED = /^(mcp-param|x-upstream)-[a-z0-9!#$%&'*+.^_`|~-]{1,64}$/;

/**
 * Lets a page of this origin read the answer. Which origins there are was checked before: here is none
 * that is not allowed. Never with credentials of the browser, so a page can use only what it was given
 * itself.
 */
export const originHeaders = (origin: string): Record<string, string> => ({
  "access-control-allow-origin": origin,
  "access-control-expose-headers": EXPOSED,
  vary: "origin",
});

/** A browser asks this before it sends what a form could not. */
export interface Preflight {
  method: string | undefined;
  /** Its Access-Control-Request-Method. */
  wanted: string | null | undefined;
  /** Its Access-Control-Request-Headers. */
  headers: string | null | undefined;
}

/** The headers of the 204 that answers a browser which asks before it sends; undefined for any other request. */
export function preflightHeaders(asked: Preflight): Record<string, string> | undefined {
  if (asked.method !== "OPTIONS" || typeof asked.wanted !== "string") return undefined;
  const headers = (asked.headers ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => ALLOWED.has(name) || OPEN_ENDED.test(name));
  return {
    "access-control-allow-methods": METHODS,
    "access-control-allow-headers": headers.join(", "),
    "access-control-max-age": MAX_AGE,
  };
}
