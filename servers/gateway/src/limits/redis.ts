import { Redis } from "ioredis";
import type { Log } from "#shared/core/contract.ts";
import type { Activity } from "../activity/activity.ts";
import { TAKE_SCRIPT } from "./redis-script.ts";
import type { SharedBuckets } from "./shared-limiter.ts";

/** Milliseconds that Redis may take for an answer; what takes longer counts as not reached. */
const COMMAND_MS = 250;
const CONNECT_MS = 2_000;
/** Milliseconds between two tries to reach it, at most. */
const AGAIN_MS = 1_000;
const PREFIX = "flotilla:limit:";
const MICROSECONDS = 1_000;

interface Scripted {
  takeTokens(key: string, emission: number, burst: number, wanted: number): Promise<unknown>;
}

export interface RedisOptions {
  url: string;
  replicas: number;
  activity: Activity;
  log: Log;
}

/** Buckets in Redis. Whether it is there is told once each time that it changes, with what that means. */
export function redisBuckets({ url, replicas, activity, log }: RedisOptions): SharedBuckets & {
  close(): Promise<void>;
} {
  const redis = new Redis(url, {
    connectTimeout: CONNECT_MS,
    commandTimeout: COMMAND_MS,
    // a call never waits for a connection: meanwhile limits are local
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(AGAIN_MS, times * 50),
  });
  redis.defineCommand("takeTokens", { numberOfKeys: 1, lua: TAKE_SCRIPT });
  let localSince: number | undefined;
  let reason = "it was not reached yet";
  const goLocal = () => {
    if (localSince !== undefined) return;
    localSince = Date.now();
    activity.happened({ kind: "limits.local", reason });
    log.warn("Redis is away: until it is back this gateway keeps to its own part of each limit", {
      reason,
      replicas,
      looseness: "one burst more of a key at most, when Redis comes back empty",
    });
  };
  redis.on("error", (error: Error & { code?: string }) => {
    reason = error.code ?? error.name;
  });
  redis.on("close", goLocal);
  redis.on("ready", () => {
    if (localSince === undefined) return;
    const localMs = Date.now() - localSince;
    localSince = undefined;
    activity.happened({ kind: "limits.shared", localMs });
    log.info("Redis is there: limits are of all gateways together", { localMs });
  });
  return {
    get isUp() {
      return redis.status === "ready";
    },
    take: async (key, { emissionMs, burst }, wanted) => {
      const asked = (redis as unknown as Scripted).takeTokens(
        PREFIX + key,
        Math.round(emissionMs * MICROSECONDS),
        burst,
        wanted,
      );
      const answer = await asked;
      const [granted, wait] = Array.isArray(answer) ? answer.map(Number) : [];
      if (granted === undefined || wait === undefined) throw new Error("Redis answered otherwise");
      return { granted, waitMs: wait / MICROSECONDS };
    },
    close: async () => {
      redis.removeAllListeners("close");
      redis.disconnect();
    },
  };
}
