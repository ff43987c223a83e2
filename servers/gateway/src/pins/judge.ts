import type { ToolListing } from "#shared/core/contract.ts";
import { bodyDigestOf, digestOf } from "./digest.ts";
import type { Pin } from "./store.ts";
import { suspicionsOf } from "./suspicion.ts";

/** Why a definition is held back. */
export type HeldReason = "changed" | "added" | "renamed" | "suspicious" | "not in tools.lock.json";

export interface Held {
  tool: string;
  reason: HeldReason;
  digest: string;
  /** What was approved before, where there is something. */
  before: unknown;
  after: ToolListing;
  /** What looks wrong with it. */
  suspicions: readonly string[];
}

export interface Known {
  /** What was approved; undefined for a server that was never seen. */
  pins: Readonly<Record<string, Pin>> | undefined;
  /** Hashes of a server's own lock file, by tool. */
  lock: ReadonlyMap<string, string> | undefined;
  /** Whether a tool that was not there before is shown. */
  showAdded: boolean;
  /** Joined names of the tools of other servers. */
  others: readonly string[];
}

/** Decides about one tool; undefined means that it is shown. */
export function judge(
  tool: ToolListing,
  all: readonly ToolListing[],
  known: Known,
): Held | undefined {
  const { pins, lock, showAdded, others } = known;
  const digest = digestOf(tool);
  const pinned = pins?.[tool.name];
  if (pinned?.digest === digest || lock?.get(tool.name) === digest) return undefined;
  const hold = (reason: HeldReason, before: unknown = pinned?.definition): Held => ({
    tool: tool.name,
    reason,
    digest,
    before,
    after: tool,
    suspicions: suspicionsOf(tool, others),
  });
  if (lock) return hold("not in tools.lock.json");
  if (pinned) return hold("changed");
  const suspicious = hold("suspicious");
  if (suspicious.suspicions.length > 0) return suspicious;
  if (!pins) return undefined;
  const former = renamedFrom(tool, all, pins);
  if (former) return hold("renamed", former.definition);
  return showAdded ? undefined : hold("added");
}

/** A tool that is gone, and had the same schemas. */
function renamedFrom(
  tool: ToolListing,
  all: readonly ToolListing[],
  pins: Readonly<Record<string, Pin>>,
): Pin | undefined {
  const names = new Set(all.map(({ name }) => name));
  const body = bodyDigestOf(tool);
  return Object.entries(pins).find(
    ([name, { definition }]) => !names.has(name) && bodyDigestOf(definition) === body,
  )?.[1];
}
