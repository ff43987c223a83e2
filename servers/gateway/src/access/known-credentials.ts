import { hash } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Identity } from "./caller.ts";
import type { HttpRefusal } from "./challenge.ts";
import { credentialOf } from "./credential.ts";

/** Milliseconds for which a credential that was verified is not verified again. */
export const REMEMBER_MS = 60_000;
/** Credentials that are remembered; the oldest makes room. */
export const MAX_REMEMBERED = 4_096;

export interface KnownCredential {
  identity: Identity;
  /** Resources that it is for; undefined when it is for all. */
  audiences: readonly string[] | undefined;
  /** Milliseconds since the epoch. */
  until: number;
}

/** What comes of looking at a credential: why it is none, and whether somebody tries what may be one. */
export type Looked =
  | KnownCredential
  | { reason: string; isGuess: boolean }
  | { refusal: HttpRefusal };

/** The headers that a credential came in, and what it is. */
interface Last {
  authorization: string | undefined;
  apiKey: IncomingHttpHeaders[string];
  known: KnownCredential;
}

/**
 * What was verified lately, by the hash of the credential, so that none is kept in memory but the last of
 * each connection: it comes with the next request again, and is neither read nor hashed. Whoever guesses
 * at that one, by the time that it takes to compare, is slowed like all who guess.
 */
export class KnownCredentials {
  readonly #known = new Map<string, KnownCredential>();
  readonly #last = new WeakMap<Socket, Last>();

  /** What the credential of a request is; undefined for none, and for one that was not verified lately. */
  of({ headers, socket }: Pick<IncomingMessage, "headers" | "socket">, now: number) {
    const { authorization, "x-api-key": apiKey } = headers;
    const last = this.#last.get(socket);
    const isLast = last?.authorization === authorization && last?.apiKey === apiKey;
    if (last && isLast && last.known.until > now) return last.known;
    const credential = credentialOf(headers);
    const known = credential === undefined ? undefined : this.#get(credential, now);
    if (known) this.#last.set(socket, { authorization, apiKey, known });
    else this.#last.delete(socket);
    return known;
  }

  #get(credential: string, now: number): KnownCredential | undefined {
    const digest = digestOf(credential);
    const known = this.#known.get(digest);
    if (known && known.until > now) return known;
    this.#known.delete(digest);
    return undefined;
  }

  remember(credential: string, found: KnownCredential, now: number): void {
    if (this.#known.size >= MAX_REMEMBERED) {
      const [oldest] = this.#known.keys();
      if (oldest !== undefined) this.#known.delete(oldest);
    }
    const until = Math.min(found.until, now + REMEMBER_MS);
    this.#known.set(digestOf(credential), { ...found, until });
  }
}

const digestOf = (credential: string): string => hash("sha256", credential, "base64");
