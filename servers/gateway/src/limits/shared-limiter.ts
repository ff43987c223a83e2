import type { Rule } from "./gcra.ts";
import { LocalLimiter } from "./gcra.ts";

/** What takes tokens of all gateways together; rejects when it cannot be reached. */
export interface SharedBuckets {
  readonly isUp: boolean;
  /** Takes up to `wanted`; without any, says in how many milliseconds there is one. */
  take(key: string, rule: Rule, wanted: number): Promise<{ granted: number; waitMs: number }>;
}

/** Milliseconds for which tokens that were taken in advance are good. */
export const LEASE_MS = 1_000;
/** The share of a second, and of a burst, that one gateway takes in advance. */
const LEASE_SHARE = 10;

interface Lease {
  left: number;
  until: number;
  /** Nothing is asked for before then. */
  blockedUntil: number;
  asking: Promise<void> | undefined;
}

export interface SharedLimiterOptions {
  buckets: SharedBuckets;
  /** Gateways that share the limits: while they cannot be asked for, each keeps to its part. */
  replicas: number;
  now?: () => number;
}

/**
 * Limits of several gateways together. Tokens are taken a few in advance, so that most calls ask nobody,
 * and never more than there are. Buckets that cannot be reached fail no call: see `replicas`.
 */
export class SharedLimiter {
  readonly #buckets: SharedBuckets;
  readonly #replicas: number;
  readonly #now: () => number;
  readonly #local: LocalLimiter;
  readonly #leases = new Map<string, Lease>();

  constructor({ buckets, replicas, now = Date.now }: SharedLimiterOptions) {
    this.#buckets = buckets;
    this.#replicas = replicas;
    this.#now = now;
    this.#local = new LocalLimiter(now);
  }

  take(key: string, rule: Rule): number | Promise<number> {
    if (!this.#buckets.isUp) return this.#takeLocally(key, rule);
    const lease = this.#leaseOf(key);
    const now = this.#now();
    if (lease.left > 0 && lease.until > now) {
      lease.left--;
      return 0;
    }
    if (lease.blockedUntil > now) return lease.blockedUntil - now;
    return this.#ask(key, rule, lease);
  }

  async #ask(key: string, rule: Rule, lease: Lease): Promise<number> {
    // those who come meanwhile share one question, and take turns at what it brings
    lease.asking ??= this.#refill(key, rule, lease).finally(() => {
      lease.asking = undefined;
    });
    try {
      await lease.asking;
    } catch {
      return this.#takeLocally(key, rule);
    }
    return this.take(key, rule);
  }

  async #refill(key: string, rule: Rule, lease: Lease): Promise<void> {
    const { granted, waitMs } = await this.#buckets.take(key, rule, leaseSize(rule));
    const now = this.#now();
    lease.left = granted;
    lease.until = now + LEASE_MS;
    lease.blockedUntil = granted === 0 ? now + Math.max(1, waitMs) : 0;
  }

  #takeLocally(key: string, { emissionMs, burst }: Rule): number {
    const part = {
      emissionMs: emissionMs * this.#replicas,
      burst: Math.max(1, Math.floor(burst / this.#replicas)),
    };
    return this.#local.take(key, part);
  }

  #leaseOf(key: string): Lease {
    const known = this.#leases.get(key);
    if (known) return known;
    if (this.#leases.size >= MAX_LEASES) this.#sweep();
    const made = { left: 0, until: 0, blockedUntil: 0, asking: undefined };
    this.#leases.set(key, made);
    return made;
  }

  #sweep(): void {
    const now = this.#now();
    for (const [key, { until, blockedUntil, asking }] of this.#leases)
      if (!asking && Math.max(until, blockedUntil) <= now) this.#leases.delete(key);
  }
}

/** Keys that are remembered before those are forgotten that hold nothing. */
const MAX_LEASES = 10_000;

/** Few, so that one gateway does not hold what another needs; one where the limit itself is small. */
export const leaseSize = ({ emissionMs, burst }: Rule): number =>
  Math.max(1, Math.floor(Math.min(burst, 1_000 / emissionMs) / LEASE_SHARE));
