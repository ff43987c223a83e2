// Copied from shared/http-client/call.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { ACCEPT_ENCODING } from "./decompress.ts";
import type { Subject } from "./errors.ts";
import type { HttpClientOptions, Method, RequestOptions } from "./options.ts";
import { createRedactor, secretsOf } from "./redact.ts";
import { resolveTarget } from "./target.ts";

/** One request, ready to be sent as often as it takes. */
export interface Call extends Subject {
  method: Method;
  origin: string;
  /** With the query. */
  path: string;
  headers: Record<string, string>;
  body: string | Uint8Array | null;
  idempotent: boolean;
}

/** RFC 9110 9.2.2; TRACE is not offered. */
const IDEMPOTENT_METHODS: ReadonlySet<Method> = new Set([
  "GET",
  "HEAD",
  "PUT",
  "DELETE",
  "OPTIONS",
]);

type Headers = Readonly<Record<string, string | undefined>>;

function mergeHeaders(...layers: readonly (Headers | undefined)[]): Record<string, string> {
  const merged = new Map<string, string>();
  for (const [name, value] of layers.flatMap((layer) => Object.entries(layer ?? {}))) {
    if (value === undefined) merged.delete(name.toLowerCase());
    else merged.set(name.toLowerCase(), value);
  }
  return Object.fromEntries(merged);
}

/** Errors: VALIDATION_ERROR or CONFIG_ERROR for an address that cannot be used, TypeError for `json` that is no JSON. */
export function prepareCall(
  client: HttpClientOptions,
  target: string | URL,
  options: RequestOptions,
): Call {
  const url = resolveTarget(target, client.baseUrl, options.query);
  const method = options.method ?? "GET";
  const json = options.json === undefined ? undefined : JSON.stringify(options.json);
  const atHome = client.baseUrl === undefined || new URL(client.baseUrl).origin === url.origin;
  const headers = mergeHeaders(
    { accept: "application/json", "accept-encoding": ACCEPT_ENCODING },
    json === undefined ? {} : { "content-type": "application/json" },
    atHome ? client.headers : {},
    options.headers,
  );
  const redact = createRedactor(() => [
    ...(client.secrets ?? []),
    ...secretsOf(headers, url.searchParams),
  ]);
  const endpoint = redact.text(`${url.host}${url.pathname}`);
  return {
    label: `${method} ${endpoint}`,
    details: { method, endpoint },
    redact,
    method,
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    headers,
    body: options.body ?? json ?? null,
    idempotent: options.idempotent ?? IDEMPOTENT_METHODS.has(method),
  };
}
