import type { IncomingMessage } from "node:http";
import type { BlockList } from "node:net";
import type { Route } from "../http/path.ts";
import type { Limiter } from "../limits/check.ts";
import type { Rule } from "../limits/gcra.ts";
import type { Access, Admitted } from "./access.ts";
import { addressOf, senderOf } from "./address.ts";
import { Caller, type Identity } from "./caller.ts";
import { type HttpRefusal, tooMany } from "./challenge.ts";

export interface GatekeeperOptions {
  /** Absent: everybody is `anonymous`. */
  access: Access | undefined;
  anonymous: Identity;
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
  readonly #open: Entry;

  constructor(options: GatekeeperOptions) {
    this.#options = options;
    this.#open = { identity: options.anonymous, caller: undefined };
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
    if (!needsCaller) return this.#open;
    const address = addressOf(request, proxies);
    const wait = limit ? limit.limiter.take(`a:${senderOf(address)}`, limit.rule) : 0;
    if (typeof wait !== "number")
      return wait.then((ms) => (ms > 0 ? slowDown(ms) : this.#identify(request, route, address)));
    if (wait > 0) return slowDown(wait);
    return this.#identify(request, route, address);
  }

  #identify(request: IncomingMessage, route: Route, address: string): Entry | Promise<Entry> {
    const { access, anonymous } = this.#options;
    if (!access) return this.#entryOf(anonymous, request, address);
    const entryOf = ({ identity, refusal }: Admitted): Entry =>
      identity ? this.#entryOf(identity, request, address) : { refusal };
    const admitted = access.admit(request, route, address);
    return admitted instanceof Promise ? admitted.then(entryOf) : entryOf(admitted);
  }

  #entryOf(identity: Identity, { headers }: IncomingMessage, address: string): Entry {
    return { identity, caller: new Caller(identity, address, headers) };
  }
}

const slowDown = (waitMs: number): Entry => ({
  refusal: tooMany("That is more requests than one address is let to send.", waitMs),
});
