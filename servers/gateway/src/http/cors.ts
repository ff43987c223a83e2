import type { IncomingMessage, ServerResponse } from "node:http";

/** Seconds for which a browser need not ask again. */
const MAX_AGE = "600";
const METHODS = "GET, HEAD, POST";
const EXPOSED = "WWW-Authenticate, Retry-After, ETag";

/** What pages may send. Names with a part of their own are let through one by one, as they are asked for. */
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
 * Lets pages of other origins read answers. Which origins there are was checked before: here is none that
 * is not allowed. Never with credentials of the browser, so a page can use only what it was given itself.
 */
export function allowOrigin({ headers }: IncomingMessage, response: ServerResponse): void {
  const { origin } = headers;
  if (origin === undefined) return;
  response.setHeader("access-control-allow-origin", origin);
  response.setHeader("access-control-expose-headers", EXPOSED);
  response.setHeader("vary", "origin");
}

/** Answers a browser that asks before it sends; false when it does not ask that. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse): boolean {
  const { headers } = request;
  if (request.method !== "OPTIONS" || headers["access-control-request-method"] === undefined)
    return false;
  const wanted = String(headers["access-control-request-headers"] ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => ALLOWED.has(name) || OPEN_ENDED.test(name));
  request.resume();
  response.writeHead(204, {
    "access-control-allow-methods": METHODS,
    "access-control-allow-headers": wanted.join(", "),
    "access-control-max-age": MAX_AGE,
  });
  response.end();
  return true;
}
