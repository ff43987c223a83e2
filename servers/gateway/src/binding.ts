import type { ConfigOf } from "#shared/core/config.ts";
import { StartError } from "#shared/core/lifecycle.ts";
import type { Platform } from "#shared/core/platform.ts";
import { type AccessPolicy, accessPolicy, isLoopback } from "#shared/mcp/guards.ts";
import type { config } from "./config.ts";
import type { CommandLine } from "./options.ts";
import type { GatewaySettings } from "./settings/spec.ts";

const CLOUD_LEAVE_SECONDS = 5;
const SECOND_MS = 1_000;

/** Milliseconds that calls are still taken when it is told to stop: until whoever balances the load has seen it. */
export const leaveMs = (
  values: Pick<ConfigOf<(typeof config)["variables"]>, "GATEWAY_LEAVE_SECONDS">,
  platform: Platform,
): number =>
  (values.GATEWAY_LEAVE_SECONDS ?? (platform.cloud ? CLOUD_LEAVE_SECONDS : 0)) * SECOND_MS;

/** Where to listen. Throws a StartError when that is beyond this machine and nobody said so in words. */
export function chooseHost(
  line: Pick<CommandLine, "host" | "allowUnauthenticated">,
  values: Pick<ConfigOf<(typeof config)["variables"]>, "HOST" | "GATEWAY_ALLOW_UNAUTHENTICATED">,
  platform: Platform,
  hasAccess: boolean,
): string {
  const host = line.host ?? values.HOST ?? (platform.cloud ? "0.0.0.0" : "127.0.0.1");
  const allowed = line.allowUnauthenticated || values.GATEWAY_ALLOW_UNAUTHENTICATED;
  if (isLoopback(host) || hasAccess || allowed) return host;
  throw new StartError(
    `${host} can be reached from beyond this machine, and there is no access control: anybody who reaches it could call every tool. Make a key (gateway keys add) and name its file by GATEWAY_KEYS or gateway.access, listen on 127.0.0.1, or say that this is meant, by --allow-unauthenticated or GATEWAY_ALLOW_UNAUTHENTICATED=true.`,
  );
}

/** Who reaches the gateway. */
export interface Reach {
  /** Whether only this machine does. */
  isLocal: boolean;
  policy: AccessPolicy;
}

/** Who reaches a gateway that listens at `host`, as the settings of the moment have it. */
export function reachAt(
  host: string,
  values: Pick<ConfigOf<(typeof config)["variables"]>, "ALLOWED_HOSTS" | "ALLOWED_ORIGINS">,
): (settings: GatewaySettings) => Reach {
  const { ALLOWED_HOSTS: hosts, ALLOWED_ORIGINS: origins } = values;
  return ({ publicUrl, trustedProxies, allowedOrigins }) => {
    const own = publicUrl === undefined ? [] : [new URL(publicUrl)];
    return {
      // behind a proxy, loopback is where everybody comes from
      isLocal:
        isLoopback(host) &&
        hosts.length + trustedProxies.length === 0 &&
        own.every(({ hostname }) => isLoopback(hostname)),
      policy: accessPolicy(
        host,
        [...hosts, ...(hosts.length > 0 ? own.map(hostOf) : [])],
        [...origins, ...allowedOrigins.map(originOf), ...own.map(originOf)],
      ),
    };
  };
}

const hostOf = ({ hostname }: URL) => hostname;
const originOf = (url: URL | string) => new URL(url).origin;
