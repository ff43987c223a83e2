import { existsSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../args.ts";
import { SharedError } from "../copy/errors.ts";
import { shortName } from "../generate/facts.ts";
import type { Project } from "../projects.ts";
import { readToolsLock } from "../tools-lock.ts";
import type { Connection, EnvVariable } from "./connection.ts";

export interface Reach {
  /** Over HTTP, at this address: of a gateway, or when it ends with /mcp of one server. */
  url?: string | undefined;
  /** Variable that holds the key of the address. */
  keyVariable?: string | undefined;
  /** From the registry, not from this folder. */
  npx: boolean;
  /** Starts npx as Windows can, which runs no scripts without its shell. */
  windows: boolean;
  /** Variables as "NAME", which is looked up, or "NAME=value". */
  env: readonly string[];
}

/** How each server is reached; the variables go to those that read them. */
export function connectionsOf(servers: readonly Project[], reach: Reach): Connection[] {
  const given = reach.env.map(parseVariable);
  const used = new Set<string>();
  const connections = servers.map((server): Connection => {
    const name = shortName(server.name);
    const base = { name, server: server.name };
    if (reach.url !== undefined) return { ...base, ...overHttp(name, servers.length, reach) };
    const { variables } = readToolsLock(server.dir);
    const env = given
      .filter((one) => one.name in variables)
      .map((one) => ({ ...one, secret: variables[one.name]?.secret === true }));
    for (const one of env) used.add(one.name);
    return { ...base, kind: "stdio", ...commandOf(server, reach), env };
  });
  const unread = given.filter(({ name }) => !used.has(name)).map(({ name }) => name);
  if (unread.length === 0) return connections;
  const known = servers.map(({ name, dir }) => `${name}: ${ownVariables(dir).join(", ")}`);
  throw new UsageError(`no server chosen reads ${unread.join(", ")}\n${known.join("\n")}`);
}

const ownVariables = (folder: string) => Object.keys(readToolsLock(folder).variables);

function parseVariable(text: string): Omit<EnvVariable, "secret"> {
  const [, name, value] = /^([A-Z][A-Z0-9_]*)(?:=(.*))?$/s.exec(text) ?? [];
  if (name === undefined) throw new UsageError(`--env takes NAME or NAME=value, not "${text}"`);
  return { name, ...(value !== undefined && { value }) };
}

function overHttp(name: string, count: number, { url = "", keyVariable }: Reach) {
  const address = addressOf(url);
  const isOne = address.pathname.endsWith("/mcp");
  if (isOne && count !== 1)
    throw new UsageError(`${url} is the address of one server: give one, or a gateway's address`);
  const path = address.href.replace(/\/$/, "");
  return {
    kind: "http" as const,
    url: isOne ? path : `${path}/${name}/mcp`,
    ...(keyVariable !== undefined && { key: { name: keyVariable, secret: true } }),
  };
}

function addressOf(url: string): URL {
  if (URL.canParse(url) && /^https?:/.test(url)) return new URL(url);
  throw new UsageError(`"${url}" is no http or https address`);
}

function commandOf(server: Project, { npx, windows }: Reach) {
  if (npx) {
    const args = ["-y", `${server.name}@${readToolsLock(server.dir).version}`];
    return windows ? { command: "cmd", args: ["/c", "npx", ...args] } : { command: "npx", args };
  }
  const entry = join(server.dir, "dist", "stdio.cjs");
  if (!existsSync(entry))
    throw new SharedError(`${server.name} is not built: run pnpm build ${shortName(server.name)}`);
  // by its path, because what a desktop starts does not see the shell's PATH
  return { command: process.execPath, args: [entry] };
}
