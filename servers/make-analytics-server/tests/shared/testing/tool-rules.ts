// Copied from shared/testing/tool-rules.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { ToolListing } from "#shared/core/contract.ts";
import { type Fault, fault } from "./fault.ts";

/** What clients put before a tool's name and what is left of it; they cut or refuse longer ones. */
export const MAX_QUALIFIED_NAME = 64;
export const MAX_TITLE = 60;
/** Characters: a model needs to know when to use a tool, and pays for each word in each conversation. */
export const MIN_DESCRIPTION = 12;
export const MAX_DESCRIPTION = 1_024;

/** snake_case of two words or more: the verb, then what it works on. */
const NAME = /^[a-z][a-z0-9]*(_[a-z0-9]+)+$/;

/** A server's short name is its folder's without `-server`. */
export const shortName = (server: string): string => server.replace(/-server$/, "");

/** Name, title and description of a tool. */
export function wordingFaults(server: string, tool: ToolListing): Fault[] {
  const { name, title, description } = tool;
  const faults: Fault[] = [];
  const qualified = `mcp__${shortName(server)}__${name}`;
  if (!NAME.test(name)) faults.push(fault(name, "name", "is not snake_case, verb first"));
  if (qualified.length > MAX_QUALIFIED_NAME) {
    const message = `${qualified} has more than ${MAX_QUALIFIED_NAME} characters`;
    faults.push(fault(name, "name-length", message));
  }
  if (!title?.trim() || title === name || title.length > MAX_TITLE) {
    const message = `must be words of its own, at most ${MAX_TITLE} characters`;
    faults.push(fault(name, "title", message));
  }
  const { length } = description?.trim() ?? "";
  if (length < MIN_DESCRIPTION || length > MAX_DESCRIPTION) {
    const message = `has ${length} characters, not ${MIN_DESCRIPTION} to ${MAX_DESCRIPTION}`;
    faults.push(fault(name, "description", message));
  }
  return faults;
}

const HINTS = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] as const;

/** Every hint is stated, because a client assumes the worst of one that is not. */
export function annotationFaults({ name, annotations }: ToolListing): Fault[] {
  const faults = HINTS.filter((hint) => typeof annotations?.[hint] !== "boolean").map((hint) =>
    fault(name, hint, "is not stated"),
  );
  if (annotations?.readOnlyHint && annotations.destructiveHint)
    faults.push(fault(name, "destructiveHint", "contradicts readOnlyHint"));
  return faults;
}
