import { matches } from "../mounts/filter.ts";

/** What is meant by `github:create_*`, in scopes, limits and profiles; `*` stands for any text. Names are the servers' own. */
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

/** Reads a pattern; undefined when it is none of this form. `*` alone is all tools of all servers. */
export function parsePattern(text: string): ToolPattern | undefined {
  const [, server, tool] = PATTERN.exec(text === "*" ? "*:*" : text) ?? [];
  return server !== undefined && tool !== undefined ? { server, tool } : undefined;
}

/** Whether one of the patterns means a tool. */
export const isMeant = (patterns: readonly ToolPattern[], server: string, tool: string): boolean =>
  patterns.some((one) => matches(server, [one.server]) && matches(tool, [one.tool]));

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
  hasServer(grants, server) && isMeant(grants.patterns, server, tool);

/** Prompts and resources have no scopes of their own: they belong to those who have all of a server. */
export const grantsAll = (grants: Grants, server: string): boolean =>
  hasServer(grants, server) &&
  grants.patterns.some((one) => matches(server, [one.server]) && one.tool === "*");
