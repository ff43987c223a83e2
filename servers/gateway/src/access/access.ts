import type { IncomingMessage } from "node:http";
import type { Route } from "../http/path.ts";
import { LocalLimiter, ruleOf } from "../limits/gcra.ts";
import { senderOf } from "./address.ts";
import type { Identity } from "./caller.ts";
import { type HttpRefusal, tooMany, unauthorized } from "./challenge.ts";
import { credentialOf, MAX_CREDENTIAL } from "./credential.ts";
import { type Clients, identityOfKey } from "./identities.ts";
import type { KeyRing } from "./keys/key-ring.ts";
import { type KnownCredential, KnownCredentials, type Looked } from "./known-credentials.ts";
import type { OAuth } from "./oauth/oauth.ts";
import { resourcePath } from "./resource.ts";

/** Credentials that one sender guesses: so many at once, then one each so long. */
export const FAILED_RULE = ruleOf(6, "minute", 10);

export interface AccessOptions {
  ring: KeyRing | undefined;
  oauth: OAuth | undefined;
  clients: Clients;
  onFailure(failure: { address: string; reason: string; path: string }): void;
  now?: () => number;
}

export type Admitted =
  | { identity: Identity; refusal?: never }
  | { identity?: never; refusal: HttpRefusal };

/** Looks who sends a request, by a key or a token. */
export class Access {
  readonly #options: AccessOptions;
  readonly #now: () => number;
  readonly #known = new KnownCredentials();
  readonly #failed: LocalLimiter;

  constructor(options: AccessOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#failed = new LocalLimiter(this.#now);
  }

  get oauth(): OAuth | undefined {
    return this.#options.oauth;
  }

  /** Keys of clients that are not known: they let through nothing, which nobody means. */
  get warnings(): string[] {
    const { ring, clients } = this.#options;
    const why = clients ? "which has no tier" : "and gateway.access.deployment is not set";
    return [...(ring?.keys ?? [])].flatMap(({ id, name, client }) =>
      client === undefined || clients?.has(client)
        ? []
        : [`The key ${id} (${name}) lets through nothing: it is of client "${client}", ${why}`],
    );
  }

  /** A credential that was verified lately costs a hash at most; only one that was not waits for anything. */
  admit(request: IncomingMessage, route: Route, address: string): Admitted | Promise<Admitted> {
    const path = resourcePath(route);
    const known = this.#known.of(request, this.#now());
    if (known) return this.#allow(known, path, route, address);
    const credential = credentialOf(request.headers);
    if (credential === undefined) {
      const message = "A credential is needed: send it as Authorization: Bearer or as X-API-Key.";
      return { refusal: unauthorized(message, this.#challenge(path)) };
    }
    return this.#verify(credential, path, route, address);
  }

  async #verify(
    credential: string,
    path: string,
    route: Route,
    address: string,
  ): Promise<Admitted> {
    const sender = senderOf(address);
    if (!this.#failed.isFree(sender, FAILED_RULE)) {
      const message = "Too many wrong credentials came from this address.";
      return { refusal: tooMany(message, FAILED_RULE.emissionMs) };
    }
    const found = await this.#look(credential);
    if ("refusal" in found) return { refusal: found.refusal };
    if ("reason" in found) {
      const challenge = this.#challenge(path);
      const description = found.reason;
      if (found.isGuess) this.#failed.take(sender, FAILED_RULE);
      this.#options.onFailure({ address, reason: description, path });
      return {
        refusal: unauthorized(description, { ...challenge, error: "invalid_token", description }),
      };
    }
    this.#known.remember(credential, found, this.#now());
    return this.#allow(found, path, route, address);
  }

  async #look(credential: string): Promise<Looked> {
    const { ring, oauth, clients } = this.#options;
    if (credential === "" || credential.length > MAX_CREDENTIAL)
      return { reason: "The credential is malformed", isGuess: true };
    const found = ring?.verify(credential, this.#now());
    if (found) {
      const identity = identityOfKey(found.key, clients);
      return { identity, audiences: undefined, until: found.until };
    }
    if (oauth && credential.includes(".")) return oauth.look(credential, clients);
    return { reason: "The key is not known, or has ended", isGuess: true };
  }

  /** A token is for one resource, and its scopes may be of other servers. */
  #allow(known: KnownCredential, path: string, route: Route, address: string): Admitted {
    const { oauth } = this.#options;
    if (known.audiences === undefined || !oauth) return { identity: known.identity };
    if (!oauth.isFor(known.audiences, path)) {
      const description = "The token is for another resource";
      this.#options.onFailure({ address, reason: description, path });
      const challenge = { ...this.#challenge(path), error: "invalid_token", description } as const;
      return { refusal: unauthorized(description, challenge) };
    }
    const refusal = oauth.lacks(known.identity, route, path);
    return refusal ? { refusal } : { identity: known.identity };
  }

  #challenge(path: string) {
    return { metadata: this.#options.oauth?.metadataUrl(path) };
  }
}
