// Copied from shared/mcp/listeners.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { Principal } from "#shared/core/contract.ts";
import { INVALID_PARAMS, SERVER_ERROR } from "#shared/core/rpc-codes.ts";
import type { Refusal } from "./guards.ts";
import { listenedUris } from "./listen.ts";

/** Streams of changes that are open at a time in one process. */
export const MAX_LISTENERS = 1_024;
/** Resources that one stream may be for: the server is asked to watch each. */
export const MAX_LISTENED_URIS = 1_000;
/** Seconds after which a client that found no place may ask again. */
const RETRY_SECONDS = 10;

/** How many streams whoever sends this request may have; `key` is the same for all of theirs. */
export type ShareOf = (
  principal: Principal | undefined,
) => { key: string; limit: number } | undefined;

/** Why there is no stream, as HTTP and JSON-RPC say it. */
export interface ListenRefusal extends Refusal {
  code: number;
  headers: Record<string, string>;
}

export type Place =
  | { leave: () => void; refusal?: never }
  | { leave?: never; refusal: ListenRefusal };

/** Who listens for changes: so many in all, and so many of each client. */
export class Listeners {
  readonly #shareOf: ShareOf;
  readonly #ofEach = new Map<string, number>();
  #open = 0;

  constructor(shareOf: ShareOf = () => undefined) {
    this.#shareOf = shareOf;
  }

  /** Streams that are open now. */
  get open(): number {
    return this.#open;
  }

  /** Clients that have a stream open now, of those that are told apart. */
  get clients(): number {
    return this.#ofEach.size;
  }

  /** Takes a place for a `subscriptions/listen`, which is free again once `leave` was called. */
  enter(body: unknown, principal: Principal | undefined): Place {
    if (listenedUris(body).length > MAX_LISTENED_URIS) return TOO_MANY_URIS;
    const share = this.#shareOf(principal);
    const own = share ? (this.#ofEach.get(share.key) ?? 0) : 0;
    if (share && own >= share.limit)
      return full(429, `You listen on ${own} streams already, and more are not let through.`);
    if (this.#open >= MAX_LISTENERS)
      return full(503, `${MAX_LISTENERS} streams are open, and more are not let through.`);
    this.#open++;
    if (share) this.#ofEach.set(share.key, own + 1);
    let stays = true;
    return {
      leave: () => {
        if (!stays) return;
        stays = false;
        this.#open--;
        if (share) this.#leave(share.key);
      },
    };
  }

  #leave(key: string): void {
    const left = (this.#ofEach.get(key) ?? 0) - 1;
    if (left > 0) this.#ofEach.set(key, left);
    else this.#ofEach.delete(key);
  }
}

const TOO_MANY_URIS: Place = {
  refusal: {
    status: 400,
    code: INVALID_PARAMS,
    message: `One stream is for up to ${MAX_LISTENED_URIS} resources`,
    headers: {},
  },
};

const full = (status: number, message: string): Place => ({
  refusal: {
    status,
    code: SERVER_ERROR,
    message: `${message} End one, or try again in ${RETRY_SECONDS} s.`,
    headers: { "retry-after": String(RETRY_SECONDS) },
  },
});
