import { readFileSync } from "node:fs";
import { join } from "node:path";
import { shownTools as areShown, type LockedVariable } from "../../shared/mcp/prepared.ts";

export interface LockedTool {
  name: string;
  description: string;
  inputSchema: unknown;
  annotations: { readOnlyHint: boolean };
  toolset?: string;
  feature?: string;
  /** Of all that a client sees of it. */
  hash: string;
}

/** A `tools.lock.json`, as far as scripts ask it. */
export interface ToolsLock {
  name: string;
  title: string;
  version: string;
  port: number;
  variables: Record<string, Pick<LockedVariable, "default" | "profiles" | "secret">>;
  toolsets: Record<string, { default: boolean }>;
  tools: LockedTool[];
}

export function readToolsLock(folder: string): ToolsLock {
  const lock: ToolsLock = JSON.parse(readFileSync(join(folder, "tools.lock.json"), "utf8"));
  return lock;
}

/** What the server lists with these variables set and no others. */
export function shownTools(
  lock: ToolsLock,
  env: Readonly<Record<string, string | undefined>> = {},
): LockedTool[] {
  const shown = areShown(lock, env);
  return lock.tools.filter((_, at) => shown[at]);
}
