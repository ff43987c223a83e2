import type { Log } from "#shared/core/contract.ts";
import { trustedProxies } from "./access/address.ts";
import { createAccess } from "./access/create.ts";
import { Gatekeeper } from "./access/gatekeeper.ts";
import { limitsOf, type OpenLimiter, openLimiter } from "./limits/open.ts";
import type { Check, Guard, StartSpan } from "./policy/guard.ts";
import type { GatewaySettings } from "./settings/spec.ts";
import { watchJsonFile } from "./state/json-file.ts";
import { guardSteps, needCredentials } from "./steps.ts";

export interface RulesOptions {
  guard: Guard;
  log: Log;
  /** Whether only this machine reaches the gateway with these settings. */
  isLocal(settings: GatewaySettings): boolean;
  pepper: string | undefined;
  redisUrl: string | undefined;
  /** Whether the audit log takes a call; asked last. */
  auditCheck: Check | undefined;
  startSpan: StartSpan | undefined;
}

/** Who may do what and how much, as the settings say now. */
export class Rules {
  readonly #options: RulesOptions;
  readonly #limiter: OpenLimiter;
  #gatekeeper: Gatekeeper;
  #stopWatching = () => {};
  readonly #warned = new Set<string>();

  private constructor(options: RulesOptions, limiter: OpenLimiter, settings: GatewaySettings) {
    this.#options = options;
    this.#limiter = limiter;
    this.#gatekeeper = this.#createGatekeeper(settings);
    this.apply(settings);
  }

  /** Throws a StartError when what the settings name is wrong. */
  static async create(options: RulesOptions, settings: GatewaySettings): Promise<Rules> {
    const { redisUrl, guard, log, isLocal } = options;
    const replicas = limitsOf(settings, isLocal(settings))?.replicas ?? 1;
    const limiter = await openLimiter({ redisUrl, replicas, activity: guard.activity, log });
    try {
      return new Rules(options, limiter, settings);
    } catch (error) {
      await limiter.close();
      throw error;
    }
  }

  get gatekeeper(): Gatekeeper {
    return this.#gatekeeper;
  }

  /** Takes effect with the next request. Throws a StartError, and then nothing changes. */
  apply(settings: GatewaySettings): void {
    const { guard, isLocal, auditCheck, startSpan } = this.#options;
    this.#gatekeeper = this.#createGatekeeper(settings);
    guard.use(
      guardSteps({
        mounts: settings.mounts,
        limits: limitsOf(settings, isLocal(settings)),
        limiter: this.#limiter.limiter,
        auditCheck,
        startSpan,
      }),
    );
    this.#stopWatching();
    this.#stopWatching = this.#watchKeys(settings);
  }

  async close(): Promise<void> {
    this.#stopWatching();
    await this.#limiter.close();
  }

  #createGatekeeper(settings: GatewaySettings): Gatekeeper {
    const { guard, isLocal, pepper, auditCheck } = this.#options;
    const access = createAccess(settings, pepper, guard.activity);
    for (const warning of access?.warnings ?? []) this.#warn(warning);
    const local = isLocal(settings);
    const limits = limitsOf(settings, local);
    const { limiter } = this.#limiter;
    return new Gatekeeper({
      access,
      isLocal: local,
      address: limits?.address && { rule: limits.address, limiter },
      proxies: trustedProxies(settings.trustedProxies),
      needsCaller: Boolean(access ?? limits ?? auditCheck) || needCredentials(settings.mounts),
    });
  }

  /** Once, however often the file is read. */
  #warn(warning: string): void {
    if (this.#warned.has(warning)) return;
    this.#warned.add(warning);
    this.#options.log.warn(warning);
  }

  /** A key that is revoked is refused within seconds, by every gateway that has the file. */
  #watchKeys(settings: GatewaySettings): () => void {
    const file = settings.access?.keys;
    if (file === undefined) return () => {};
    return watchJsonFile(file, () => {
      try {
        this.#gatekeeper = this.#createGatekeeper(settings);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        this.#options.log.error("The file of API keys was not read again", { message });
      }
    });
  }
}
