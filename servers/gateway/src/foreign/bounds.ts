import type { JsonObject, Log } from "#shared/core/contract.ts";
import { isDeeperThan, MAX_JSON_DEPTH } from "#shared/mcp/guards.ts";
import { MountError } from "../mounts/mount-error.ts";
import { textOf } from "./wire.ts";

/** Characters of a description, of instructions and of a title of a foreign server; of a longer one the beginning is shown. */
export const MAX_DESCRIPTION = 8_192;
export const MAX_INSTRUCTIONS = 8_192;
export const MAX_TITLE = 256;
/** Characters of one definition as JSON, with its schemas; a larger one is left out. */
export const MAX_DEFINITION = 131_072;
/** Characters of one list as JSON; a server with a longer one is not mounted. */
export const MAX_LIST = 8 * 1024 * 1024;

const CUT = " [cut]";

/** A text, or its beginning with a mark. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit - CUT.length);
  // half a character is none
  return (/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept) + CUT;
}

/** Whether a definition can be shown; one that cannot is left out, the others are of use all the same. */
export function isBounded(definition: JsonObject, log: Log): boolean {
  const json = JSON.stringify(definition);
  const isFine = json.length <= MAX_DEFINITION && !isDeeperThan(json, MAX_JSON_DEPTH);
  if (!isFine)
    log.warn("A definition is left out, because it is too large or nests too deep", {
      name: cut(textOf(definition.name) ?? "", MAX_TITLE),
      characters: json.length,
    });
  return isFine;
}

/** Counts what a list comes to, page by page. Throws a MountError when that is too much. */
export function listCounter(method: string): (page: unknown) => void {
  let characters = 0;
  return (page) => {
    characters += lengthOf(page);
    if (characters > MAX_LIST)
      throw new MountError(`${method} answers with more than ${MAX_LIST} characters`);
  };
}

function lengthOf(page: unknown): number {
  try {
    return JSON.stringify(page).length;
  } catch {
    // so deep that it cannot be written again
    return Number.POSITIVE_INFINITY;
  }
}
