import { ToolError } from "#shared/core/errors.ts";
import { readEntries } from "../sandbox/entries.ts";
import { isUsableName } from "../sandbox/path-rules.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { pathOfUri } from "./file-uri.ts";

/** Paths that are proposed at once: as many as the protocol lets a server. */
export const MAX_PROPOSED = 100;

/**
 * Paths, without their first slash, that begin as what was typed: names of its folder, and of the
 * allowed folders those that it may lead to. A folder ends with a slash.
 */
export async function completePath(
  sandbox: Sandbox,
  typed: string,
  signal: AbortSignal,
): Promise<string[]> {
  const value = typed.replace(/^\/+/, "");
  const roots = await sandbox.listRoots();
  const above = roots
    .map(({ given }) => `${given.replace(/^\/+/, "")}/`)
    .filter((root) => root.startsWith(value) && root !== value);
  return [...above, ...(await namesIn(sandbox, value, signal))].slice(0, MAX_PROPOSED);
}

async function namesIn(sandbox: Sandbox, value: string, signal: AbortSignal): Promise<string[]> {
  const end = value.lastIndexOf("/") + 1;
  const [folder, start] = [value.slice(0, end), value.slice(end)];
  if (folder === "") return [];
  try {
    return await sandbox.withDirectory(pathOfUri(folder), async ({ node, deny }) => {
      const rules = { deny, includeHidden: start.startsWith("."), signal };
      const { shown } = await readEntries(node, rules);
      return shown
        .filter(({ name }) => name.startsWith(start) && isUsableName(name))
        .slice(0, MAX_PROPOSED)
        .map(({ name, type }) => folder + name + (type === "directory" ? "/" : ""));
    });
  } catch (error) {
    // what is being typed leads nowhere yet, or where nothing is shown
    if (error instanceof ToolError) return [];
    throw error;
  }
}
