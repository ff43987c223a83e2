import { canonicalJson, sha256 } from "../generate/canonical-json.ts";
import type { ListedTool } from "../standalone/raw-client.ts";
import type { ToolsLock } from "../tools-lock.ts";

/** How what is listed differs from the lock, a line each; nothing when it does not. */
export function toolsDiffer(listed: readonly ListedTool[], lock: ToolsLock): string[] {
  const names = new Set(listed.map(({ name }) => name));
  const missing = lock.tools.filter(
    ({ name, toolset, feature }) =>
      !names.has(name) && toolset === undefined && feature === undefined,
  );
  return [...tell("is missing", missing), ...foreignTools(listed, lock)];
}

/** Those that the lock has not, or has otherwise. */
export function foreignTools(listed: readonly ListedTool[], lock: ToolsLock): string[] {
  const locked = new Map(lock.tools.map((tool) => [tool.name, tool]));
  const unknown = listed.filter(({ name }) => !locked.has(name));
  const changed = listed.filter((tool) => {
    const one = locked.get(tool.name);
    return one && one.hash !== sha256(canonicalJson(tool));
  });
  return [
    ...tell("is not in tools.lock.json", unknown),
    ...tell("is described otherwise", changed),
  ];
}

const tell = (what: string, tools: readonly { name: string }[]) =>
  tools.map(({ name }) => `${name} ${what}`);
