// Copied from shared/core/state.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { crypto } from "./builtin.ts";
import type { JsonObject } from "./contract.ts";

/** Seconds that a question stays answerable; long enough for a person who is at the machine. */
export const STATE_TTL_SECONDS = 600;
const KEY_BYTES = 32;
const VERSION = "v1";

export interface StateSeal {
  /** `binding` is what the state belongs to (tool, input, principal); it is not readable in the result. */
  seal(state: JsonObject, binding: string, now: Date): string;
  /** The state, or undefined when it was changed, has expired or belongs to something else. */
  open(sealed: string, binding: string, now: Date): JsonObject | undefined;
}

/**
 * Request state of MCP 2026-07-28 travels through the client, so it is signed with HMAC-SHA256. It
 * is not encrypted: it holds only what the client itself answered. Without a key one is made, and
 * then only this process can read the state back.
 */
export function createStateSeal(key: string | undefined): StateSeal {
  let secret: string | Uint8Array | undefined = key;
  const sign = (body: string, binding: string) => {
    secret ??= crypto().randomBytes(KEY_BYTES);
    const hmac = crypto().createHmac("sha256", secret);
    return hmac.update(`${VERSION}.${body}\0${binding}`).digest("base64url");
  };

  return {
    seal(state, binding, now) {
      const expires = Math.floor(now.getTime() / 1000) + STATE_TTL_SECONDS;
      const body = Buffer.from(JSON.stringify({ state, expires })).toString("base64url");
      return `${VERSION}.${body}.${sign(body, binding)}`;
    },
    open(sealed, binding, now) {
      const [version, body, signature, ...rest] = sealed.split(".");
      if (version !== VERSION || !body || !signature || rest.length > 0) return undefined;
      // compared as text: several texts decode to the same bytes
      const given = Buffer.from(signature);
      const expected = Buffer.from(sign(body, binding));
      if (given.length !== expected.length || !crypto().timingSafeEqual(given, expected))
        return undefined;
      const { state, expires } = JSON.parse(Buffer.from(body, "base64url").toString());
      return expires > now.getTime() / 1000 ? state : undefined;
    },
  };
}
