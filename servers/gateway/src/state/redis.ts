import { Redis } from "ioredis";

/** Milliseconds that Redis may take for an answer; what takes longer counts as not reached. */
const COMMAND_MS = 250;
const CONNECT_MS = 2_000;
/** Milliseconds between two tries to reach it, at most. */
const AGAIN_MS = 1_000;

/** Told once each time that it changes whether Redis is there. */
export interface RedisListener {
  onAway(reason: string): void;
  onBack(): void;
}

/** A connection that is tried again for ever. What is asked of it without one fails at once: no call waits. */
export function connectRedis(url: string, listener: RedisListener): Redis {
  const redis = new Redis(url, {
    connectTimeout: CONNECT_MS,
    commandTimeout: COMMAND_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    // whoever subscribes does it again by itself, when it is told that Redis is back
    autoResubscribe: false,
    retryStrategy: (times) => Math.min(AGAIN_MS, times * 50),
  });
  let isAway = false;
  let reason = "it was not reached yet";
  redis.on("error", (error: Error & { code?: string }) => {
    reason = error.code ?? error.name;
  });
  redis.on("close", () => {
    if (isAway) return;
    isAway = true;
    listener.onAway(reason);
  });
  redis.on("ready", () => {
    if (!isAway) return;
    isAway = false;
    listener.onBack();
  });
  return redis;
}

/** For good, and nobody is told. */
export function disconnectRedis(redis: Redis): void {
  redis.removeAllListeners("close");
  redis.disconnect();
}
