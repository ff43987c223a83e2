import { ToolError } from "#shared/core/errors.ts";
import type { Check } from "../policy/guard.ts";
import type { Caller } from "./caller.ts";

/** Characters of one credential. */
export const MAX_UPSTREAM_CREDENTIAL = 8_192;

/**
 * A caller's own credentials for one server: of the headers `X-Upstream-{server}-{name}` those whose names
 * the server's entry lists. What a caller proved itself by at the gateway is never among them.
 */
export function upstreamCredentials(
  { headers }: Caller,
  server: string,
  names: readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (names.length === 0) return undefined;
  const found = names.flatMap((name): [string, string][] => {
    const value = headers[`x-upstream-${server}-${name}`];
    const isFine =
      typeof value === "string" && value !== "" && value.length <= MAX_UPSTREAM_CREDENTIAL;
    return isFine ? [[name, value]] : [];
  });
  return Object.fromEntries(found);
}

/** A server that works with its callers' own credentials is not called without: never with somebody else's. */
export function credentialCheck(namesOf: (server: string) => readonly string[]): Check {
  return ({ counts: { server } }, caller) => {
    const names = namesOf(server);
    if (names.length === 0) return undefined;
    const found = caller && upstreamCredentials(caller, server, names);
    const missing = names.find((name) => found?.[name] === undefined);
    if (missing === undefined) return undefined;
    return {
      outcome: "denied",
      reason: "missing_credential",
      error: new ToolError(
        "PERMISSION_DENIED",
        `${server} works with your own credentials: send the header X-Upstream-${server}-${missing}.`,
        { details: { reason: "missing_credential", server, name: missing } },
      ),
    };
  };
}
