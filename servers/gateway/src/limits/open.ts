import type { Log } from "#shared/core/contract.ts";
import type { Activity } from "../activity/activity.ts";
import type { GatewaySettings } from "../settings/spec.ts";
import type { Limiter } from "./check.ts";
import { LocalLimiter } from "./gcra.ts";
import { DEFAULT_LISTENERS, DEFAULT_RULES, type LimitSettings } from "./settings.ts";
import { SharedLimiter } from "./shared-limiter.ts";

/** The limits that hold; undefined for none. On this machine alone there are none unless they are stated. */
export function limitsOf(
  { limits, access }: Pick<GatewaySettings, "limits" | "access">,
  isLocal: boolean,
): LimitSettings | undefined {
  if (limits === false) return undefined;
  if (limits) return limits;
  if (!access && isLocal) return undefined;
  return { ...DEFAULT_RULES, tools: {}, listeners: DEFAULT_LISTENERS, replicas: 1 };
}

export interface OpenLimiter {
  limiter: Limiter;
  close(): Promise<void>;
}

export interface LimiterOptions {
  redisUrl: string | undefined;
  replicas: number;
  activity: Activity;
  log: Log;
}

/** In memory, or shared through Redis, whose client is loaded only then. */
export async function openLimiter({ redisUrl, ...rest }: LimiterOptions): Promise<OpenLimiter> {
  if (redisUrl === undefined) return { limiter: new LocalLimiter(), close: async () => {} };
  const { redisBuckets } = await import("./redis.ts");
  const buckets = redisBuckets({ url: redisUrl, ...rest });
  const { replicas } = rest;
  return { limiter: new SharedLimiter({ buckets, replicas }), close: buckets.close };
}
