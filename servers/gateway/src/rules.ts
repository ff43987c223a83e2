import type { Log } from "#shared/core/contract.ts";
import { trustedProxies } from "./access/address.ts";
import { anonymous } from "./access/anonymous.ts";
import type { Caller } from "./access/caller.ts";
import { createAccess } from "./access/create.ts";
import { Gatekeeper } from "./access/gatekeeper.ts";
import { credentialCheck, upstreamCredentials } from "./access/upstream-credentials.ts";
import { limitCheck } from "./limits/check.ts";
import { limitsOf, type OpenLimiter, openLimiter } from "./limits/open.ts";
import type { Check, Guard, StartSpan } from "./policy/guard.ts";
import type { GatewaySettings } from "./settings/spec.ts";
import { watchJsonFile } from "./state/json-file.ts";

export interface RulesOptions {
  guard: Guard;
  log: Log;
  /** Whether only this machine reaches the gateway. */
  isLocal: boolean;
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

  private constructor(options: RulesOptions, limiter: OpenLimiter, settings: GatewaySettings) {
    this.#options = options;
    this.#limiter = limiter;
    this.#gatekeeper = this.#createGatekeeper(settings);
    this.apply(settings);
  }

  /** Throws a StartError when what the settings name is wrong. */
  static async create(options: RulesOptions, settings: GatewaySettings): Promise<Rules> {
    const { redisUrl, guard, log, isLocal } = options;
    const replicas = limitsOf(settings, isLocal)?.replicas ?? 1;
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
    const limits = limitsOf(settings, isLocal);
    const isLimited = limits && (limits.principal || Object.keys(limits.tools).length > 0);
    const names = new Map(settings.mounts.map(({ name, credentials }) => [name, credentials]));
    const namesOf = (server: string) => names.get(server) ?? [];
    guard.use({
      checks: [
        ...(needsCredentials(settings) ? [credentialCheck(namesOf)] : []),
        ...(isLimited ? [limitCheck(limits, this.#limiter.limiter)] : []),
        ...(auditCheck ? [auditCheck] : []),
      ],
      startSpan,
      ...(needsCredentials(settings) && {
        credentialsOf: (caller: Caller, server: string) =>
          upstreamCredentials(caller, server, namesOf(server)),
      }),
    });
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
    const limits = limitsOf(settings, isLocal);
    const { limiter } = this.#limiter;
    return new Gatekeeper({
      access,
      anonymous: anonymous(isLocal),
      address: limits?.address && { rule: limits.address, limiter },
      proxies: trustedProxies(settings.trustedProxies),
      needsCaller: Boolean(access ?? limits ?? auditCheck) || needsCredentials(settings),
    });
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

const needsCredentials = ({ mounts }: GatewaySettings): boolean =>
  mounts.some(({ credentials }) => credentials.length > 0);
