// Copied from shared/make-api/budget-redis.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { randomUUID } from "node:crypto";
import { FIRST_LIMIT, type PlaceStore, usable } from "./budget.ts";

/** How long Redis may take to answer, milliseconds; after it the file of this machine is used. */
const COMMAND_TIMEOUT_MS = 2_000;
/** What nobody uses is forgotten after this, seconds. */
const KEEP_SECONDS = 3_600;

/** Redis is asked in one step and by its own clock. KEYS: places, block, limit. */
const EXCHANGE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local wanted, lease, window, first = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local index = 6
for _ = 1, tonumber(ARGV[5]) do
  redis.call('ZADD', KEYS[1], 'XX', now - tonumber(ARGV[index + 1]) + window, ARGV[index])
  index = index + 2
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('EXPIRE', KEYS[1], ${KEEP_SECONDS})
local blocked = redis.call('PTTL', KEYS[2])
if blocked > 0 then return {blocked} end
local free = first - redis.call('ZCARD', KEYS[1])
local answer = {0}
for n = 1, math.min(wanted, free) do
  local place = ARGV[index] .. n
  redis.call('ZADD', KEYS[1], now + lease, place)
  answer[#answer + 1] = place
end
local soonest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
if soonest[2] then answer[1] = math.max(0, math.floor(soonest[2] - now)) end
return answer`;

/** The places of one organisation in Redis, for processes of several machines; a command waits at most `commandTimeoutMs`. */
export async function createRedisStore(
  url: string,
  name: string,
  commandTimeoutMs = COMMAND_TIMEOUT_MS,
): Promise<PlaceStore> {
  const { Redis } = await import("ioredis");
  const redis = new Redis(url, {
    lazyConnect: true,
    commandTimeout: commandTimeoutMs,
    maxRetriesPerRequest: 1,
  });
  // told to the caller of each command, who has the file to fall back to
  redis.on("error", () => {});
  const [places, block, limitKey] = ["places", "block", "limit"].map(
    (part) => `{make-budget:${name}}:${part}`,
  ) as [string, string, string];

  async function limit(): Promise<number | undefined> {
    const text = await redis.get(limitKey);
    return text === null ? undefined : Number(text);
  }

  return {
    limit,
    setLimit: async (value) => {
      await redis.set(limitKey, String(value), "EX", KEEP_SECONDS);
    },
    block: async (ms) => {
      await redis.set(block, "1", "PX", ms);
    },
    exchange: async ({ wanted, done, leaseMs, windowMs }) => {
      const freed = done.flatMap(({ place, agoMs }) => [place, agoMs]);
      const most = usable((await limit()) ?? FIRST_LIMIT);
      const args = [wanted, leaseMs, windowMs, most, done.length, ...freed, `${randomUUID()}:`];
      const answer = await redis.eval(EXCHANGE, 2, places, block, ...args);
      const [waitMs, ...taken] = answer as [number, ...string[]];
      return { taken, waitMs };
    },
    close: async () => redis.disconnect(),
  };
}

/** Asks `first`, and `second` whenever that fails: nothing breaks when Redis goes away. */
export function withFallback(
  first: PlaceStore,
  second: PlaceStore,
  onFallback: (error: unknown) => void,
): PlaceStore {
  const either = async <T>(ask: (store: PlaceStore) => Promise<T>): Promise<T> => {
    try {
      return await ask(first);
    } catch (error) {
      onFallback(error);
      return await ask(second);
    }
  };
  return {
    exchange: (step) => either((store) => store.exchange(step)),
    block: (ms) => either((store) => store.block(ms)),
    setLimit: async (limit) => {
      // both, so that the fallback knows it when it is needed
      await second.setLimit(limit);
      await first.setLimit(limit).catch(onFallback);
    },
    limit: () => either((store) => store.limit()),
    close: async () => {
      await Promise.all([first.close(), second.close()]);
    },
  };
}
