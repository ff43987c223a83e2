// Copied from shared/data/cache.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { LRUCache } from "lru-cache";
import { type ErrorCode, ToolError } from "#shared/core/errors.ts";
import { createFlights } from "./flights.ts";

/** Entries kept, unless said otherwise; the least recently used goes first. */
export const DEFAULT_MAX_ENTRIES = 500;

/** Failures that pass; on any other an old value would hide something the caller must know. */
const STALE_HELPS: ReadonlySet<ErrorCode> = new Set([
  "API_ERROR",
  "RATE_LIMITED",
  "TIMEOUT",
  "UNAVAILABLE",
]);

export interface CacheOptions<T> {
  /** How long a value is served without asking again, milliseconds. */
  ttlMs: number;
  maxEntries?: number | undefined;
  /** Bounds the sum of `of(value)`, a whole number over 0, bytes for example; a value over `max` is not kept. */
  size?: { max: number; of: (value: T) => number } | undefined;
  /** How much longer an old value is served when asking again fails for a while, milliseconds; default 0, never. */
  staleIfErrorMs?: number | undefined;
  /** Told whenever that happens, for the log. */
  onStale?: ((key: string, error: ToolError) => void) | undefined;
  /** Milliseconds; default Date.now. */
  now?: (() => number) | undefined;
}

export interface LoadOptions<T> {
  /** Ends the wait of this caller only. */
  signal?: AbortSignal | undefined;
  /** For this value, instead of the cache's; a function decides when the value is there. 0 keeps nothing. */
  ttlMs?: number | ((value: T) => number) | undefined;
}

export interface Cache<T> {
  /**
   * The value of `key`, from memory or from `load`. Callers who ask meanwhile share one load; its
   * signal aborts when all of them have left. Errors of `load` go to those callers and are not kept.
   * The key must name everything the value depends on, the caller's credentials included.
   */
  get(key: string, load: (signal: AbortSignal) => Promise<T>, options?: LoadOptions<T>): Promise<T>;
  /** A load under way no longer counts either. */
  delete(key: string): void;
  clear(): void;
  /** Values in memory, fresh or stale. */
  readonly size: number;
}

interface Entry<T> {
  value: T;
  freshUntil: number;
  size: number;
}

/**
 * lru-cache does the bounds. Not its ttl: it drops what stale-if-error needs, and takes an injected
 * clock that stands at 0 for "no ttl". Not its fetchMethod: the first caller's signal ends the load
 * for all, those of the others are ignored, and a load under way is evicted like a value.
 */
export function createCache<T>(options: CacheOptions<T>): Cache<T> {
  const { now = Date.now, staleIfErrorMs = 0, onStale, size } = options;
  const bound =
    size === undefined
      ? {}
      : { maxSize: size.max, sizeCalculation: (entry: Entry<T>) => entry.size };
  const entries = new LRUCache<string, Entry<T>>({
    max: options.maxEntries ?? DEFAULT_MAX_ENTRIES,
    ...bound,
  });
  const flights = createFlights<T>();

  function keep(key: string, value: T, { ttlMs = options.ttlMs }: LoadOptions<T>): void {
    const ttl = typeof ttlMs === "function" ? ttlMs(value) : ttlMs;
    if (ttl <= 0) entries.delete(key);
    else entries.set(key, { value, freshUntil: now() + ttl, size: size?.of(value) ?? 1 });
  }

  function fallback(key: string, error: unknown): Entry<T> {
    const old = entries.peek(key);
    const usable = old !== undefined && now() < old.freshUntil + staleIfErrorMs;
    if (!usable || !(error instanceof ToolError) || !STALE_HELPS.has(error.code)) throw error;
    onStale?.(key, error);
    return old;
  }

  async function get(
    key: string,
    load: (signal: AbortSignal) => Promise<T>,
    given: LoadOptions<T> = {},
  ): Promise<T> {
    const entry = entries.get(key);
    if (entry !== undefined && now() < entry.freshUntil) return entry.value;
    async function refresh(signal: AbortSignal): Promise<T> {
      try {
        const value = await load(signal);
        if (flights.isCurrent(key, signal)) keep(key, value, given);
        return value;
      } catch (error) {
        return fallback(key, error).value;
      }
    }
    return await flights.join(key, refresh, given.signal);
  }

  return {
    get,
    delete(key) {
      flights.forget(key);
      entries.delete(key);
    },
    clear() {
      flights.forgetAll();
      entries.clear();
    },
    get size() {
      return entries.size;
    },
  };
}
