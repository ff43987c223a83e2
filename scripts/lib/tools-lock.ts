import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isShown, resolveToolsets } from "../../shared/core/selection.ts";

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
  variables: Record<string, { default?: boolean; secret?: boolean }>;
  toolsets: Record<string, { default: boolean }>;
  tools: LockedTool[];
}

export function readToolsLock(folder: string): ToolsLock {
  const lock: ToolsLock = JSON.parse(readFileSync(join(folder, "tools.lock.json"), "utf8"));
  return lock;
}

type Env = Readonly<Record<string, string | undefined>>;

/** What the server lists with these variables set and no others. */
export function shownTools(lock: ToolsLock, env: Env = {}): LockedTool[] {
  const isOn = (name: string) =>
    env[name] ? ["true", "on"].includes(env[name]) : lock.variables[name]?.default === true;
  const wanted = (env.TOOLSETS || "default").split(",").map((name) => name.trim());
  const toolsets = resolveToolsets(wanted, lock.toolsets);
  const switches = { readOnly: isOn("READ_ONLY"), isOn };
  return lock.tools.filter((tool) => isShown(tool, toolsets, switches));
}
