import { matches } from "../mounts/filter.ts";

/** What a scope such as `github:create_*` lets through; `*` stands for any text. */
export interface ToolPattern {
  server: string;
  tool: string;
}

/** What a principal is let to. */
export interface Grants {
  /** The same for the same grants, so that what is made for one is used for all who have it. */
  readonly key: string;
  readonly patterns: readonly ToolPattern[];
  /** Names of the servers that its client has; absent: whatever the patterns name. */
  readonly servers: readonly string[] | undefined;
}

const PATTERN = /^([a-z0-9*][a-z0-9*-]{0,63}):([A-Za-z0-9_.*-]{1,128})$/;

/** Reads a scope; undefined when it is none of this form. `*` alone is all tools of all servers. */
export function parsePattern(scope: string): ToolPattern | undefined {
  const [, server, tool] = PATTERN.exec(scope === "*" ? "*:*" : scope) ?? [];
  return server !== undefined && tool !== undefined ? { server, tool } : undefined;
}

export function makeGrants(
  scopes: readonly string[],
  servers: readonly string[] | undefined,
): Grants {
  const patterns = scopes.flatMap((scope) => parsePattern(scope) ?? []);
  const texts = patterns.map(({ server, tool }) => `${server}:${tool}`).sort();
  const key = JSON.stringify([[...new Set(texts)], servers && [...servers].sort()]);
  return { key, patterns, servers };
}

const hasServer = ({ servers }: Grants, server: string): boolean =>
  servers === undefined || servers.includes(server);

/** Whether any tool of a server may be let through. */
export const grantsSee = (grants: Grants, server: string): boolean =>
  hasServer(grants, server) && grants.patterns.some((one) => matches(server, [one.server]));

export const grantsUse = (grants: Grants, server: string, tool: string): boolean =>
  hasServer(grants, server) &&
  grants.patterns.some((one) => matches(server, [one.server]) && matches(tool, [one.tool]));

/** Prompts and resources have no scopes of their own: they belong to those who have all of a server. */
export const grantsAll = (grants: Grants, server: string): boolean =>
  hasServer(grants, server) &&
  grants.patterns.some((one) => matches(server, [one.server]) && one.tool === "*");
