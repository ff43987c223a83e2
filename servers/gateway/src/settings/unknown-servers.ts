import type { LimitSettings } from "../limits/settings.ts";
import { parsePattern, type ToolPattern } from "../policy/grants.ts";
import type { ProfileSpec } from "./spec.ts";

interface Naming {
  profiles: readonly ProfileSpec[];
  limits?: LimitSettings | false | undefined;
}

/**
 * What limits and profiles say of servers that the file has not: a typing error there would hide or
 * limit nothing. Names with `*` may be meant for servers to come, and tools are known when a server is up.
 */
export function unknownServers({ profiles, limits }: Naming, names: readonly string[]): string[] {
  const isKnown = (server: string) => server.includes("*") || names.includes(server);
  const known = [...names].sort().join(", ") || "none";
  const faultAt = (path: string, server: string) =>
    isKnown(server) ? [] : [`${path}: no server is called "${server}". The servers are: ${known}`];
  const ofPatterns = (path: string, patterns: readonly ToolPattern[] = []) =>
    patterns.flatMap(({ server, tool }) => faultAt(`${path} "${server}:${tool}"`, server));
  const ofProfiles = profiles.flatMap(({ name, servers = [], tools }) => {
    const path = `gateway.profiles.${name}`;
    return [
      ...servers.flatMap((server) => faultAt(`${path}.servers`, server)),
      ...ofPatterns(`${path}.tools.allow`, tools.allow),
      ...ofPatterns(`${path}.tools.deny`, tools.deny),
    ];
  });
  const limited = Object.keys(limits ? limits.tools : {}).flatMap((one) => parsePattern(one) ?? []);
  return [...ofProfiles, ...ofPatterns("gateway.limits.tools", limited)];
}
