import { makeGrants } from "../policy/grants.ts";
import type { Identity } from "./caller.ts";
import type { ApiKey } from "./keys/key-file.ts";
import { ADMIN_SCOPE, METRICS_SCOPE } from "./keys/key-file.ts";
import type { VerifiedToken } from "./oauth/verifier.ts";

/** The servers of each client. */
export type Clients = ReadonlyMap<string, readonly string[]> | undefined;

/** A client that is not known has no servers. */
const serversOf = (clients: Clients, client: string | undefined) =>
  client === undefined ? undefined : (clients?.get(client) ?? []);

function identity(
  kind: "key" | "token",
  id: string,
  scopes: readonly string[],
  granting: readonly string[],
  servers: readonly string[] | undefined,
  client: string | undefined,
): Identity {
  const isAdmin = granting.includes(ADMIN_SCOPE);
  return {
    kind,
    id,
    scopes,
    principal: { id, scopes },
    viewer: { grants: makeGrants(granting, servers) },
    isAdmin,
    maySeeMetrics: isAdmin || granting.includes(METRICS_SCOPE),
    ...(client !== undefined && { client }),
  };
}

export function identityOfKey({ id, scopes, client }: ApiKey, clients: Clients): Identity {
  return identity("key", `key:${id}`, scopes, scopes, serversOf(clients, client), client);
}

/** What the scopes of a token let through, by the table of the settings where there is one. */
export const grantedBy = (
  scopes: readonly string[],
  table: Readonly<Record<string, readonly string[]>> | undefined,
): string[] => (table ? scopes.flatMap((scope) => table[scope] ?? []) : [...scopes]);

export function identityOfToken(
  { subject, scopes, client }: VerifiedToken,
  granting: readonly string[],
  needsClient: boolean,
  clients: Clients,
): Identity {
  const servers = needsClient ? serversOf(clients, client ?? "") : undefined;
  return identity("token", `token:${subject}`, scopes, granting, servers, client);
}
