import type { IncomingMessage } from "node:http";
import type { BlockList } from "node:net";
import type { Route } from "../http/path.ts";
import type { Limiter } from "../limits/check.ts";
import type { Rule } from "../limits/gcra.ts";
import type { Access, Admitted } from "./access.ts";
import { addressOf, senderOf } from "./address.ts";
import { anonymous } from "./anonymous.ts";
import { Caller, type Identity } from "./caller.ts";
import { type HttpRefusal, tooMany } from "./challenge.ts";
import { credentialOf } from "./credential.ts";

export interface GatekeeperOptions {
  /** Absent: everybody is anonymous. */
  access: Access | undefined;
  /** Whether only this machine reaches the gateway. */
  isLocal: boolean;
  /** Of one address, before it is looked who sends. */
  address: { rule: Rule; limiter: Limiter } | undefined;
  proxies: BlockList;
  /** Whether anything asks later who a request came from; if not, nothing is made for it. */
  needsCaller: boolean;
}

/** Who sends a request, as far as that matters, or why it goes no further. */
export type Entry =
  | { identity: Identity; caller: Caller | undefined; refusal?: never }
  | { identity?: never; refusal: HttpRefusal };

/** What every request passes before anything is looked at that it asks for. */
export class Gatekeeper {
  readonly #options: GatekeeperOptions;

  constructor(options: GatekeeperOptions) {
    this.#options = options;
  }

  /** Whether there is access control. */
  get isClosed(): boolean {
    return this.#options.access !== undefined;
  }

  get oauth() {
    return this.#options.access?.oauth;
  }

  enter(request: IncomingMessage, route: Route): Entry | Promise<Entry> {
    const { address: limit, proxies, needsCaller } = this.#options;
    if (!needsCaller) return { identity: this.#anonymous(request), caller: undefined };
    const address = addressOf(request, proxies);
    const wait = limit ? limit.limiter.take(`a:${senderOf(address)}`, limit.rule) : 0;
    if (typeof wait !== "number")
      return wait.then((ms) => (ms > 0 ? slowDown(ms) : this.#identify(request, route, address)));
    if (wait > 0) return slowDown(wait);
    return this.#identify(request, route, address);
  }

  /** Whether an operator asks what everybody may ask: a probe has no credential, and costs nothing. */
  async isOperator(request: IncomingMessage): Promise<boolean> {
    const mayBe = this.isClosed
      ? credentialOf(request.headers) !== undefined
      : this.#options.isLocal;
    if (!mayBe) return false;
    const { identity } = await this.enter(request, { kind: "page" });
    return identity?.isAdmin === true;
  }

  #identify(request: IncomingMessage, route: Route, address: string): Entry | Promise<Entry> {
    const { access } = this.#options;
    if (!access) return this.#entryOf(this.#anonymous(request), request, address);
    const entryOf = ({ identity, refusal }: Admitted): Entry =>
      identity ? this.#entryOf(identity, request, address) : { refusal };
    const admitted = access.admit(request, route, address);
    return admitted instanceof Promise ? admitted.then(entryOf) : entryOf(admitted);
  }

  #anonymous({ headers }: IncomingMessage): Identity {
    return anonymous(this.#options.isLocal, headers);
  }

  #entryOf(identity: Identity, { headers }: IncomingMessage, address: string): Entry {
    return { identity, caller: new Caller(identity, address, headers) };
  }
}

const slowDown = (waitMs: number): Entry => ({
  refusal: tooMany("That is more requests than one address is let to send.", waitMs),
});
