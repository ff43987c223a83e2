import type { IncomingHttpHeaders } from "node:http";
import type { Identity } from "./caller.ts";

const anybody = (isAdmin: boolean): Identity => ({
  kind: "anonymous",
  id: "anonymous",
  scopes: [],
  principal: { id: "anonymous", scopes: [] },
  viewer: {},
  isAdmin,
  maySeeMetrics: true,
});

const OPERATOR = anybody(true);
const STRANGER = anybody(false);

/**
 * Everybody, where there is no access control. On this machine alone they are the operator too, but for
 * pages that are not the gateway's own; once others may reach it, by its address or through a proxy,
 * nobody is.
 */
export const anonymous = (isLocal: boolean, headers: IncomingHttpHeaders): Identity =>
  isLocal && isOwnPage(headers) ? OPERATOR : STRANGER;

const SCHEME = /^https?:\/\//;

/** No page at all, or one of the very host and port that it asks. Which names the gateway has was checked before. */
const isOwnPage = ({ origin, host }: IncomingHttpHeaders): boolean =>
  origin === undefined || origin.replace(SCHEME, "") === host;
