import { ToolError } from "#shared/core/errors.ts";
import { createCache } from "#shared/data/cache.ts";
import { createHttpClient } from "#shared/http-client/client.ts";
import { addressOf, type Query } from "../upstream/address.ts";
import { type Budget, createBudget, FREE_LIMITS } from "../upstream/budget.ts";
import type { Tally } from "../upstream/tally.ts";
import { type Answer, type Ask, recordTo, replayFrom } from "../upstream/tape.ts";
import { type Api, baseOf, type Hosts } from "./apis.ts";
import { describeError } from "./errors.ts";

/** All attempts of one question, milliseconds: well under the deadline of a call. */
export const QUESTION_DEADLINE_MS = 30_000;
/** Answers kept, in bytes of JSON. */
const CACHE_BYTES = 32 * 1024 * 1024;
/** The free hosts run one request of an address at a time and let a few more wait. */
const FREE_CONNECTIONS = 1;
const PAID_CONNECTIONS = 4;
/** How much longer an old answer is given when the host cannot be asked, milliseconds. */
const STALE_MS = 3_600_000;

export interface Question {
  query: Query;
  weight: number;
  /** How long the answer holds, milliseconds, from what is in it. */
  ttlMs(body: unknown): number;
  signal: AbortSignal;
}

export interface OpenMeteo {
  ask(api: Api, question: Question): Promise<Answer>;
  readonly budget: Budget;
  readonly cached: number;
  close(): Promise<void>;
}

export interface OpenMeteoOptions {
  hosts: Hosts;
  replay: string | undefined;
  record: string | undefined;
  now(): Date;
  tally: Tally;
  onStale(key: string, error: ToolError): void;
}

/** Asks each question once: callers share one flight, and its answer until the model has a newer one. */
export function createOpenMeteo(options: OpenMeteoOptions): OpenMeteo {
  const { hosts, replay, record, tally, onStale } = options;
  const now = () => options.now().getTime();
  const budget = createBudget({ now, enforced: hosts.apiKey === undefined });
  const http = createHttpClient({
    connectionsPerOrigin: hosts.apiKey === undefined ? FREE_CONNECTIONS : PAID_CONNECTIONS,
    deadlineMs: QUESTION_DEADLINE_MS,
    secrets: hosts.apiKey === undefined ? [] : [hosts.apiKey],
    describeError,
  });
  const cache = createCache<Answer>({
    ttlMs: 0,
    size: { max: CACHE_BYTES, of: ({ size }) => size + 1 },
    staleIfErrorMs: STALE_MS,
    onStale,
    now,
  });

  const fromHost =
    (weight: number): Ask =>
    async (url, signal) => {
      const response = await http.request(withKey(url, hosts.apiKey), {
        signal,
        beforeAttempt: () => budget.spend(weight),
      });
      return { body: response.json(), size: response.bytes.length };
    };

  function chooseAsk(weight: number): Ask {
    if (replay !== undefined) return replayFrom(replay);
    const ask: Ask = (url, signal) => tally.count(url, () => fromHost(weight)(url, signal));
    return record === undefined ? ask : recordTo(record, ask, options.now);
  }

  return {
    budget,
    get cached() {
      return cache.size;
    },
    ask(api, { query, weight, ttlMs, signal }) {
      const url = addressOf(baseOf(api, hosts), query);
      const load = (flight: AbortSignal) =>
        chooseAsk(weight)(url, flight).catch((error: unknown) => {
          throw heedLimit(error, budget);
        });
      return cache.get(url, load, { signal, ttlMs: ({ body }) => ttlMs(body) });
    },
    close: () => http.close(),
  };
}

const withKey = (url: string, apiKey: string | undefined) =>
  apiKey === undefined
    ? url
    : `${url}${url.includes("?") ? "&" : "?"}apikey=${encodeURIComponent(apiKey)}`;

/** What the host says of its limits is remembered, so that it is not asked again before they end. */
function heedLimit(error: unknown, budget: Budget): unknown {
  if (!(error instanceof ToolError) || error.details.reason !== "host_limit") return error;
  const limit = FREE_LIMITS.find(({ name }) => name === error.details.window);
  if (limit) budget.exhaust(limit.name);
  return error;
}
