import type { ToolError } from "#shared/core/errors.ts";
import { createCache } from "#shared/data/cache.ts";
import { createHttpClient } from "#shared/http-client/client.ts";
import { addressOf, type Query } from "../upstream/address.ts";
import type { Tally } from "../upstream/tally.ts";
import { type Answer, type Ask, recordTo, replayFrom } from "../upstream/tape.ts";
import { describeProblem } from "./errors.ts";

const DEADLINE_MS = 30_000;
const CACHE_BYTES = 16 * 1024 * 1024;
/** Where the answer does not say how long it holds, milliseconds. */
const DEFAULT_TTL_MS = 60_000;
/** The longest that an answer is kept, whatever it says, milliseconds. */
const MAX_TTL_MS = 86_400_000;

export interface Nws {
  /** `path` below the host. `ttlMs` instead of what Cache-Control says. */
  ask(
    path: string,
    query: Query,
    options: { signal: AbortSignal; ttlMs?: number },
  ): Promise<Answer>;
  close(): Promise<void>;
}

export interface NwsOptions {
  url: string;
  userAgent: string;
  replay: string | undefined;
  record: string | undefined;
  now(): Date;
  tally: Tally;
  onStale(key: string, error: ToolError): void;
}

/** max-age in milliseconds; 0 for no-store. */
export function maxAgeOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/\bno-(store|cache)\b/.test(header)) return 0;
  const seconds = /\b(?:s-maxage|max-age)=(\d+)/.exec(header)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}

/** The National Weather Service: one connection, a name and a contact with every request. */
export function createNws(options: NwsOptions): Nws {
  const { url, userAgent, replay, record, now, tally, onStale } = options;
  const http = createHttpClient({
    connectionsPerOrigin: 1,
    deadlineMs: DEADLINE_MS,
    headers: { "user-agent": userAgent, accept: "application/geo+json" },
    baseUrl: url,
    describeError: describeProblem,
  });
  const cache = createCache<Answer>({
    ttlMs: DEFAULT_TTL_MS,
    size: { max: CACHE_BYTES, of: ({ size }) => size + 1 },
    // an old alert is worse than none: nothing is given after its time
    staleIfErrorMs: 0,
    onStale,
    now: () => now().getTime(),
  });
  const live: Ask = (address, signal) =>
    tally.count(address, async () => {
      const response = await http.request(address, { signal });
      const maxAgeMs = maxAgeOf(response.headers["cache-control"]);
      return { body: response.json(), size: response.bytes.length, maxAgeMs };
    });
  const ask =
    replay === undefined
      ? record === undefined
        ? live
        : recordTo(record, live, now)
      : replayFrom(replay);

  return {
    ask(path, query, { signal, ttlMs }) {
      const address = addressOf(`${url.replace(/\/+$/, "")}${path}`, query);
      return cache.get(address, (flight) => ask(address, flight), {
        signal,
        ttlMs: ({ maxAgeMs }) => Math.min(MAX_TTL_MS, ttlMs ?? maxAgeMs ?? DEFAULT_TTL_MS),
      });
    },
    close: () => http.close(),
  };
}
