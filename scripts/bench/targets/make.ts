import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { repositoryRoot } from "../../lib/projects.ts";
import { LEGACY_FILE, LEGACY_SERVERS } from "../../lib/start-alone.ts";
import { readToolsLock, shownTools } from "../../lib/tools-lock.ts";
import type { Listing } from "../lib/list-sample.ts";
import { cleanEnvironment, type StdioCommand } from "../lib/stdio-session.ts";
import type { Targets } from "./stdio.ts";

export interface ListTarget extends Listing {
  name: string;
  command: Omit<StdioCommand, "node">;
}

const TOOLSETS = ["default", "all"] as const;
type Toolsets = (typeof TOOLSETS)[number];

const folderOf = (server: string) => join(repositoryRoot, "servers", server);
const entryOf = (server: string) => join(folderOf(server), "dist", "stdio.cjs");

/** Each server for Make alone, and both behind the gateway as `pnpm start --legacy` has them, with few tools and with all. */
export async function makeTargets(scratch: string): Promise<Targets<ListTarget>> {
  const unbuilt = [...LEGACY_SERVERS, "gateway"].filter((name) => !existsSync(entryOf(name)));
  const missing = (...names: string[]) => names.some((name) => unbuilt.includes(name));
  const targets: ListTarget[] = [];
  for (const toolsets of TOOLSETS) {
    for (const server of LEGACY_SERVERS)
      if (!missing(server)) targets.push(alone(server, toolsets, scratch));
    if (!missing(...LEGACY_SERVERS, "gateway")) targets.push(await legacy(toolsets, scratch));
  }
  const reason = "has no dist/stdio.cjs: run pnpm build";
  return { targets, skipped: unbuilt.map((name) => ({ name, reason })) };
}

function alone(server: string, toolsets: Toolsets, scratch: string): ListTarget {
  const env = cleanEnvironment({ TOOLSETS: toolsets });
  return {
    name: labelOf(server, toolsets),
    command: { args: [entryOf(server)], cwd: scratch, env },
    ...listingOf([server], toolsets),
  };
}

async function legacy(toolsets: Toolsets, scratch: string): Promise<ListTarget> {
  const source = join(repositoryRoot, LEGACY_FILE);
  const file = join(scratch, `legacy-${toolsets}.json`);
  const settings: GatewayFile = JSON.parse(readFileSync(source, "utf8"));
  await writeFile(file, JSON.stringify(withToolsets(settings, dirname(source), toolsets)));
  const env = cleanEnvironment({ GATEWAY_CONFIG: file });
  return {
    name: labelOf("legacy", toolsets),
    command: { args: [entryOf("gateway")], cwd: scratch, env },
    ...listingOf(LEGACY_SERVERS, toolsets),
  };
}

interface GatewayFile {
  mcpServers: Record<string, { package: string; env?: Record<string, string> }>;
}

/** A gateway.json of a folder as it reads from anywhere, each server in it with these toolsets. */
export function withToolsets(
  settings: GatewayFile,
  folder: string,
  toolsets: Toolsets,
): GatewayFile {
  const changed = Object.entries(settings.mcpServers).map(([name, mount]) => [
    name,
    {
      ...mount,
      package: resolve(folder, mount.package),
      env: { ...mount.env, TOOLSETS: toolsets },
    },
  ]);
  return { ...settings, mcpServers: Object.fromEntries(changed) };
}

const labelOf = (name: string, toolsets: Toolsets) => `${name}, TOOLSETS=${toolsets}`;

/** What the lock files say that a list of these servers has. */
function listingOf(servers: readonly string[], toolsets: Toolsets): Listing {
  const shown = servers.flatMap((server) =>
    shownTools(readToolsLock(folderOf(server)), { TOOLSETS: toolsets }),
  );
  return { expected: shown.length, calls: servers.map(statusOf) };
}

/** core_status of make-core-server, which needs no arguments and answers without a token. */
const statusOf = (server: string) => `${server.replace(/^make-|-server$/g, "")}_status`;
