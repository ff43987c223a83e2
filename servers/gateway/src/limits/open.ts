import type { Log } from "#shared/core/contract.ts";
import type { Activity } from "../activity/activity.ts";
import type { GatewaySettings } from "../settings/spec.ts";
import type { Limiter } from "./check.ts";
import type { Rule } from "./gcra.ts";
import { LocalLimiter } from "./gcra.ts";
import { DEFAULT_RULES, type LimitSettings, limitSettings } from "./settings.ts";
import { SharedLimiter } from "./shared-limiter.ts";

/** The limits that hold. */
export interface Limits extends Omit<LimitSettings, keyof typeof DEFAULT_RULES> {
  principal: Rule | undefined;
  address: Rule | undefined;
}

/**
 * The limits that hold; undefined for none. On this machine alone there are none but those that are
 * stated; elsewhere, and with access control, one that is not stated is the default.
 */
export function limitsOf(
  { limits, access }: Pick<GatewaySettings, "limits" | "access">,
  isLocal: boolean,
): Limits | undefined {
  const isOpen = isLocal && !access;
  if (limits === false || (isOpen && !limits)) return undefined;
  const stated = limits ?? UNSTATED;
  const ruleFor = (name: keyof typeof DEFAULT_RULES): Rule | undefined =>
    (stated[name] ?? (isOpen ? false : DEFAULT_RULES[name])) || undefined;
  return { ...stated, principal: ruleFor("principal"), address: ruleFor("address") };
}

const UNSTATED = limitSettings.parse({});

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
