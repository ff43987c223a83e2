import { type Definition, type DefinitionKind, keyOf } from "./definitions.ts";
import { bodyDigestOf, digestOf } from "./digest.ts";
import type { Pin } from "./store.ts";
import { suspicionsOf } from "./suspicion.ts";

/** Why a definition is held back. */
export type HeldReason = "changed" | "added" | "renamed" | "suspicious" | "not in tools.lock.json";

export interface Held {
  kind: DefinitionKind;
  name: string;
  reason: HeldReason;
  digest: string;
  /** What was approved before, where there is something. */
  before: unknown;
  after: Definition["listing"];
  /** What looks wrong with it. */
  suspicions: readonly string[];
}

export interface Known {
  /** What was approved, by `keyOf`; undefined for a server that was never seen. */
  pins: Readonly<Record<string, Pin>> | undefined;
  /** Hashes of a server's own lock file, by tool. */
  lock: ReadonlyMap<string, string> | undefined;
  /** Whether what was not there before is shown. */
  showAdded: boolean;
  /** Joined names of the tools of other servers. */
  others: readonly string[];
}

/** A name may be one that every object has, such as "constructor". */
export function pinOf(pins: Known["pins"], definition: Definition): Pin | undefined {
  const key = keyOf(definition);
  return pins && Object.hasOwn(pins, key) ? pins[key] : undefined;
}

/** Decides about one definition; undefined means that it is shown. */
export function judge(
  definition: Definition,
  all: readonly Definition[],
  known: Known,
): Held | undefined {
  const { pins, lock, showAdded, others } = known;
  const { kind, name, listing } = definition;
  const digest = digestOf(listing);
  const pinned = pinOf(pins, definition);
  if (pinned?.digest === digest || lock?.get(name) === digest) return undefined;
  const hold = (reason: HeldReason, before: unknown = pinned?.definition): Held => ({
    kind,
    name,
    reason,
    digest,
    before,
    after: listing,
    suspicions: suspicionsOf(listing, others),
  });
  if (lock) return hold("not in tools.lock.json");
  if (pinned) return hold("changed");
  const suspicious = hold("suspicious");
  if (suspicious.suspicions.length > 0) return suspicious;
  // resources come and go with what is in them, and their names with them
  if (!pins || kind === "resource") return undefined;
  const former = kind === "tool" ? renamedFrom(listing, all, pins) : undefined;
  if (former) return hold("renamed", former.definition);
  return showAdded ? undefined : hold("added");
}

/** A tool that is gone, and had the same schemas. */
function renamedFrom(
  tool: Definition["listing"],
  all: readonly Definition[],
  pins: Readonly<Record<string, Pin>>,
): Pin | undefined {
  const keys = new Set(all.map(keyOf));
  const body = bodyDigestOf(tool);
  return Object.entries(pins).find(
    ([key, { definition }]) =>
      !key.includes(" ") && !keys.has(key) && bodyDigestOf(definition) === body,
  )?.[1];
}
