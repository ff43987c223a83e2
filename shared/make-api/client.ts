import { ToolError } from "#shared/core/errors.ts";
import { createHttpClient } from "#shared/http-client/client.ts";
import type { RequestOptions } from "#shared/http-client/options.ts";
import type { RateBudget } from "./budget.ts";
import type { Endpoint, Method } from "./endpoint.ts";
import { type Answer, type EndpointKey, endpoints } from "./endpoints.ts";
import { describeMakeError, Refused, readRefusal } from "./errors.ts";
import { isObject, openAnswer } from "./open-answer.ts";

/** One request, milliseconds; Make itself ends a responsive run after 40 s. */
export const REQUEST_DEADLINE_MS = 60_000;
/** How often a GET is sent again after Make said 429, each time after the window has ended. */
export const MAX_RATE_RETRIES = 2;

type Scalar = string | number | boolean;

export interface CallOptions {
  /** Values for `{name}` in the path. */
  path?: Readonly<Record<string, string | number>> | undefined;
  query?: Readonly<Record<string, Scalar | readonly Scalar[] | null | undefined>> | undefined;
  body?: unknown;
  /** Of a body that is text. */
  contentType?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** What is told beside an answer: Make's `pg`. */
export interface Paging {
  limit?: number;
  last?: string;
  totalCount?: number;
}

export interface MakeApi {
  /**
   * Calls an endpoint of the table and gives what is in its envelope, checked.
   * Errors: Refused (plan, scope or role); ToolError API_ERROR that names the endpoint and the field
   * when the answer is of another shape; RATE_LIMITED; and those of the HTTP client.
   */
  call<K extends EndpointKey>(key: K, options?: CallOptions): Promise<Answer<K>>;
  /** The same, with Make's paging beside it. */
  page<K extends EndpointKey>(
    key: K,
    options?: CallOptions,
  ): Promise<{ data: Answer<K>; paging: Paging }>;
  close(): Promise<void>;
}

export interface MakeApiOptions {
  /** Ends in a slash. */
  baseUrl: string;
  token: string;
  budget: RateBudget;
  /** Told of every request that is sent. */
  onRequest?: (() => void) | undefined;
}

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** An API key is a UUID of version 4 and goes as Token; anything else is an OAuth access token. */
export const authorizationOf = (token: string): string =>
  `${UUID_V4.test(token) ? "Token" : "Bearer"} ${token}`;

/** "METHOD /path" with its values filled in, each as one segment. */
export function fillPath(key: string, values: CallOptions["path"] = {}): [Method, string] {
  const [method, template] = key.split(" ") as [Method, string];
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined || value === "" || value === "." || value === "..")
      throw new ToolError("VALIDATION_ERROR", `${key} needs a value for ${name}.`);
    return encodeURIComponent(String(value));
  });
  return [method, path.slice(1)];
}

/** One client a server. Only GET is ever sent twice. */
export function createMakeApi({ baseUrl, token, budget, onRequest }: MakeApiOptions): MakeApi {
  const http = createHttpClient({
    baseUrl,
    headers: { authorization: authorizationOf(token) },
    secrets: [token],
    describeError: describeMakeError,
    deadlineMs: REQUEST_DEADLINE_MS,
    maxAttempts: 1,
  });

  async function send(key: EndpointKey, options: CallOptions) {
    const endpoint: Endpoint = endpoints[key];
    const [method, path] = fillPath(key, options.path);
    const request: RequestOptions = {
      method,
      query: { ...options.query, ...(endpoint.confirmed && { confirmed: true }) },
      signal: options.signal,
      idempotent: method === "GET",
      ...(endpoint.text
        ? {
            body: typeof options.body === "string" ? options.body : undefined,
            headers: { accept: "*/*", "content-type": options.contentType },
          }
        : { json: options.body }),
    };
    const response = await withinBudget(method, options.signal, () => http.request(path, request));
    return endpoint.text ? response.text() : response.bytes.length === 0 ? {} : response.json();
  }

  /** Each attempt takes from the budget; what fails for a while is tried again, GET only. */
  async function withinBudget<T>(
    method: Method,
    signal: AbortSignal | undefined,
    once: () => Promise<T>,
  ): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      const done = await budget.take(signal);
      onRequest?.();
      try {
        return await once();
      } catch (error) {
        if (!(error instanceof ToolError)) throw error;
        const isLimit = error.code === "RATE_LIMITED";
        // whatever becomes of this one, the others must not go on
        if (isLimit) await budget.exhausted();
        const isWorthAnother = isLimit || isPassing(error);
        if (!isWorthAnother || method !== "GET" || attempt >= MAX_RATE_RETRIES) throw error;
      } finally {
        done();
      }
    }
  }

  async function page<K extends EndpointKey>(key: K, options: CallOptions = {}) {
    try {
      const body = await send(key, options);
      return { data: openAnswer(key, body), paging: readPaging(body) };
    } catch (error) {
      const refusal = readRefusal(error, { key, ...endpoints[key] });
      if (refusal) throw new Refused(refusal, error);
      throw error;
    }
  }

  return {
    page,
    call: async (key, options) => (await page(key, options)).data,
    close: () => http.close(),
  };
}

/** 5xx and broken connections; what Make means by other statuses does not pass. */
const isPassing = ({ code, details: { status } }: ToolError): boolean =>
  code === "UNAVAILABLE" || (typeof status === "number" && status >= 500);

function readPaging(body: unknown): Paging {
  const pg = isObject(body) ? body.pg : undefined;
  if (!isObject(pg)) return {};
  return {
    ...(typeof pg.limit === "number" && { limit: pg.limit }),
    ...(typeof pg.last === "string" && { last: pg.last }),
    ...(typeof pg.totalCount === "number" && { totalCount: pg.totalCount }),
  };
}
