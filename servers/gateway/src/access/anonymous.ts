import type { Identity } from "./caller.ts";

/**
 * Everybody, where there is no access control. On this machine alone they are the operator too; once
 * others may reach the gateway, by its address or through a proxy, nobody is.
 */
export const anonymous = (isLocal: boolean): Identity => ({
  kind: "anonymous",
  id: "anonymous",
  scopes: [],
  principal: { id: "anonymous", scopes: [] },
  viewer: {},
  isAdmin: isLocal,
  maySeeMetrics: true,
});
