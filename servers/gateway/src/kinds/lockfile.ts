import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ToolListing } from "#shared/core/contract.ts";
import type { Env } from "#shared/mcp/environment.ts";
import { prepare, type ToolsLock } from "#shared/mcp/prepared.ts";
import { type Catalogue, parseCatalogue } from "../mounts/catalogue.ts";

type Tool = ToolListing & { toolset?: string; feature?: string; hash: string };
type Lock = Omit<ToolsLock, "tools"> & { tools: readonly Tool[] };

const listingOf = ({ toolset: _, feature: __, hash: ___, ...listing }: Tool) =>
  JSON.stringify(listing);

/**
 * What a folder's tools.lock.json says its server shows in this environment, for as long as the
 * server itself cannot be asked. Undefined when there is no file, or none that is understood.
 */
export function readLock(folder: string, env: Env): Catalogue | undefined {
  try {
    const lock: Lock = JSON.parse(readFileSync(join(folder, "tools.lock.json"), "utf8"));
    // an environment that only the server can judge may be why it is down
    const listings = () => lock.tools.map(listingOf);
    const source = prepare(lock, env, listings) ?? prepare(lock, {}, listings);
    if (!source) return undefined;
    const { name, title, version, instructions, listTools } = source;
    const { features, prompts } = lock;
    const tools: unknown = JSON.parse(listTools());
    const shown = { name, title, version, instructions, features, tools, prompts };
    return parseCatalogue(shown, "tools.lock.json");
  } catch {
    return undefined; // only a help: what is wrong with the server shows when it opens
  }
}

/** The variables that decide what `readLock` finds. Undefined as above. */
export function lockedVariables(folder: string): ToolsLock["variables"] | undefined {
  try {
    const lock: Lock = JSON.parse(readFileSync(join(folder, "tools.lock.json"), "utf8"));
    return lock.variables;
  } catch {
    return undefined;
  }
}

/** The hashes of the tools in a folder's tools.lock.json, by name. Undefined as above. */
export function lockedHashes(folder: string): ReadonlyMap<string, string> | undefined {
  try {
    const lock: Lock = JSON.parse(readFileSync(join(folder, "tools.lock.json"), "utf8"));
    return new Map(lock.tools.map(({ name, hash }) => [name, String(hash)]));
  } catch {
    return undefined;
  }
}
