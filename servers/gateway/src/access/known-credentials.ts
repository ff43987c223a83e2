import { hash } from "node:crypto";
import type { Identity } from "./caller.ts";
import type { HttpRefusal } from "./challenge.ts";

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

/** What was verified lately, by the hash of the credential, so that none is kept in memory. */
export class KnownCredentials {
  readonly #known = new Map<string, KnownCredential>();

  digestOf(credential: string): string {
    return hash("sha256", credential, "base64");
  }

  get(digest: string, now: number): KnownCredential | undefined {
    const known = this.#known.get(digest);
    if (!known || known.until > now) return known;
    this.#known.delete(digest);
    return undefined;
  }

  remember(digest: string, credential: KnownCredential, now: number): void {
    if (this.#known.size >= MAX_REMEMBERED) {
      const [oldest] = this.#known.keys();
      if (oldest !== undefined) this.#known.delete(oldest);
    }
    this.#known.set(digest, {
      ...credential,
      until: Math.min(credential.until, now + REMEMBER_MS),
    });
  }

  clear(): void {
    this.#known.clear();
  }
}
