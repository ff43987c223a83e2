import type { Example } from "../example.ts";
import type { ListedTool } from "../standalone/raw-client.ts";
import type { ToolsLock } from "../tools-lock.ts";
import { foreignTools } from "./tools-differ.ts";

/** A server that a gateway may have under this name. */
export interface Mountable {
  prefix: string;
  lock: ToolsLock;
  example?: Example | undefined;
}

/** Between the name of a server and that of its tool, where a gateway lists all servers as one. */
const SEPARATOR = "__";

/**
 * How the tools of a gateway, listed as `math__add`, differ from those of the servers known here.
 * Which of them it has, and what it hides, is in its own file: nothing counts as missing.
 */
export function mountedDiffer(tools: readonly ListedTool[], known: readonly Mountable[]): string[] {
  return known.flatMap(({ prefix, lock }) => {
    const start = `${prefix}${SEPARATOR}`;
    const its = tools.filter(({ name }) => name.startsWith(start));
    const own = its.map((tool) => ({ ...tool, name: tool.name.slice(start.length) }));
    return foreignTools(own, lock).map((line) => `${start}${line}`);
  });
}

/** The first call that a server behind the gateway declares safe. */
export function mountedExample(
  tools: readonly ListedTool[],
  known: readonly Mountable[],
): Example | undefined {
  const names = new Set(tools.map(({ name }) => name));
  return known
    .flatMap(({ prefix, example }) =>
      example ? [{ ...example, tool: `${prefix}${SEPARATOR}${example.tool}` }] : [],
    )
    .find(({ tool }) => names.has(tool));
}
