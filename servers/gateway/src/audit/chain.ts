import { createHmac, hash, timingSafeEqual } from "node:crypto";

/** What the first line of a chain follows. */
export const START = "start";

/**
 * Lines that follow from each other: each carries its number, the hash of the line before, and its own
 * hash over both and its text. A line that was changed, taken out or moved shows.
 */
export class Chain {
  #seq: number;
  #prev: string;

  constructor(seq = 0, prev = START) {
    this.#seq = seq;
    this.#prev = prev;
  }

  get seq(): number {
    return this.#seq;
  }
  get last(): string {
    return this.#prev;
  }

  /** `members` is the inside of a JSON object, without its braces. Returns the line, without a newline. */
  link(members: string): string {
    const body = `{"v":1,"seq":${this.#seq},${members},"prev":"${this.#prev}"`;
    this.#prev = hashOf(body);
    this.#seq++;
    return `${body},"hash":"${this.#prev}"}`;
  }
}

export const hashOf = (body: string): string => hash("sha256", body, "base64url");

/** Signs how far a chain has come: whoever lacks the key cannot write the whole chain anew. */
export const signatureOf = (key: string, seq: number, prev: string): string =>
  createHmac("sha256", key).update(`${seq} ${prev}`).digest("base64url");

export function isSignature(key: string, seq: number, prev: string, given: string): boolean {
  const wanted = Buffer.from(signatureOf(key, seq, prev));
  const found = Buffer.from(given);
  return wanted.length === found.length && timingSafeEqual(wanted, found);
}
