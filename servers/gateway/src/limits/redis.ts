import type { Log } from "#shared/core/contract.ts";
import type { Activity } from "../activity/activity.ts";
import { connectRedis, disconnectRedis } from "../state/redis.ts";
import { TAKE_SCRIPT } from "./redis-script.ts";
import type { SharedBuckets } from "./shared-limiter.ts";

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
  let localSince = 0;
  const redis = connectRedis(url, {
    onAway: (reason) => {
      localSince = Date.now();
      activity.happened({ kind: "limits.local", reason });
      log.warn("Redis is away: until it is back this gateway keeps to its own part of each limit", {
        reason,
        replicas,
        looseness: "one burst more of a key at most, when Redis comes back empty",
      });
    },
    onBack: () => {
      const localMs = Date.now() - localSince;
      activity.happened({ kind: "limits.shared", localMs });
      log.info("Redis is there: limits are of all gateways together", { localMs });
    },
  });
  redis.defineCommand("takeTokens", { numberOfKeys: 1, lua: TAKE_SCRIPT });
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
    close: async () => disconnectRedis(redis),
  };
}
