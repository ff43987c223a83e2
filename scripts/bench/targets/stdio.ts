import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { repositoryRoot, serverNames } from "../../lib/projects.ts";
import { exampleCall } from "../lib/example-call.ts";
import type { ToolCall } from "../lib/messages.ts";
import { ownFile, peerFault, peerFile, peerLabel } from "../lib/peer.ts";
import type { Skipped } from "../lib/report.ts";
import { cleanEnvironment, type StdioCommand } from "../lib/stdio-session.ts";

export interface StdioTarget {
  name: string;
  kind: "ours" | "peer" | "floor";
  command: Omit<StdioCommand, "node">;
  choose(tools: unknown): ToolCall;
}

export interface Targets<T> {
  targets: T[];
  skipped: Skipped[];
}

/**
 * Every server of ours, or those named, as it is built; what it keeps for its next start is in `scratch`,
 * and NODE_ENV keeps the `.env` of whoever measures out.
 */
export function ownStdio(names: readonly string[], scratch: string): Targets<StdioTarget> {
  const targets: StdioTarget[] = [];
  const skipped: Skipped[] = [];
  for (const name of names.length > 0 ? names : serverNames(repositoryRoot)) {
    const file = join(repositoryRoot, "servers", name, "dist", "stdio.cjs");
    if (!existsSync(file)) skipped.push({ name, reason: "has no dist/stdio.cjs: run pnpm build" });
    else {
      const env = cleanEnvironment({ XDG_CACHE_HOME: scratch, NODE_ENV: "test" });
      const command = { args: [file], cwd: scratch, env };
      targets.push({ name, kind: "ours", command, choose: (tools) => exampleCall(name, tools) });
    }
  }
  return { targets, skipped };
}

/** The gateway as it starts where no start before it left a list. */
export const firstStarts = (targets: readonly StdioTarget[]): StdioTarget[] =>
  targets
    .filter(({ name }) => name === "gateway")
    .map(({ name, command, ...rest }) => {
      const env = { ...command.env, GATEWAY_REMEMBER: "false" };
      return { ...rest, name: `${name}, nothing remembered`, command: { ...command, env } };
    });

interface Peer {
  peer: string;
  /** A file of the peer itself, or one of ours that uses it. */
  file: string;
  args?: readonly string[];
  env?: NodeJS.ProcessEnv;
  call: ToolCall;
}

const greeting = { name: "greet_0", arguments: { name: "Ada" } };

const peersIn = (scratch: string): Peer[] => [
  {
    peer: "@modelcontextprotocol/server-filesystem",
    file: "dist/index.js",
    args: [scratch],
    call: { name: "list_allowed_directories", arguments: {} },
  },
  {
    peer: "@modelcontextprotocol/server-everything",
    file: "dist/index.js",
    args: ["stdio"],
    call: { name: "echo", arguments: { message: "Ada" } },
  },
  {
    peer: "@modelcontextprotocol/server-memory",
    file: "dist/index.js",
    env: { MEMORY_FILE_PATH: join(scratch, "memory.json") },
    call: { name: "read_graph", arguments: {} },
  },
  { peer: "@modelcontextprotocol/server", file: ownFile("sdk.mjs"), call: greeting },
  { peer: "tmcp", file: ownFile("tmcp.mjs"), call: greeting },
  { peer: "fastmcp", file: ownFile("fastmcp.mjs"), call: greeting },
  {
    peer: "@bytebase/dbhub",
    file: "dist/index.js",
    args: ["--transport", "stdio", "--demo"],
    call: { name: "execute_sql", arguments: { sql: "select 1" } },
  },
];

export function peerStdio(nodeVersion: string, scratch: string): Targets<StdioTarget> {
  const targets: StdioTarget[] = [];
  const skipped: Skipped[] = [];
  for (const { peer, file, args = [], env = {}, call } of peersIn(scratch)) {
    const fault = peerFault(peer, nodeVersion);
    const path = isAbsolute(file) ? file : peerFile(peer, file);
    if (fault) skipped.push({ name: peer, reason: fault });
    else {
      const command = { args: [path, ...args], cwd: scratch, env: cleanEnvironment(env) };
      targets.push({ name: peerLabel(peer), kind: "peer", command, choose: () => call });
    }
  }
  return { targets, skipped };
}

export const ioFloor = (scratch: string): StdioTarget => ({
  name: "reads a line, writes one",
  kind: "floor",
  command: { args: [ownFile("floor-stdio.mjs")], cwd: scratch },
  choose: () => ({ name: "echo", arguments: {} }),
});
