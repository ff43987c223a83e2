import type { Log } from "#shared/core/contract.ts";
import type { Activity } from "../activity/activity.ts";
import { joinName } from "../aggregate/names.ts";
import type { Catalogue } from "../mounts/catalogue.ts";
import { isServing, type Mount } from "../mounts/mount.ts";
import { Approved, type PinsOfServer } from "./approved.ts";
import {
  type Definition,
  type DefinitionKind,
  definitionsOf,
  keyOf,
  withoutHeld,
} from "./definitions.ts";
import { type Difference, differencesOf } from "./difference.ts";
import { digestOf } from "./digest.ts";
import { type Held, type HeldReason, judge, pinOf } from "./judge.ts";
import type { PinStore } from "./store.ts";

export interface PinsOptions {
  store: PinStore;
  /** Hashes of a server's own lock file, when it has one. */
  lockOf(server: string): ReadonlyMap<string, string> | undefined;
  showAdded: boolean;
  activity: Activity;
  log: Log;
  /** Called when what a server shows of these kinds is other than before, beside changes of its own. */
  onChange(server: string, kinds: readonly DefinitionKind[]): void;
  now?: () => Date;
}

/** What is approved. */
export interface ApprovedDefinition {
  server: string;
  kind: DefinitionKind;
  name: string;
  /** Another change meanwhile is another digest. */
  digest: string;
}

/** A definition that is held back, as an operator sees it. */
export interface HeldDefinition extends ApprovedDefinition {
  reason: HeldReason;
  differences: Difference[];
  suspicions: readonly string[];
  after: Definition["listing"];
}

/** Resources of one server that are remembered although it lists them no longer. */
export const MAX_GONE_RESOURCES = 1_000;

interface Judged {
  of: Catalogue;
  shown: Catalogue;
  /** By `keyOf`. */
  held: ReadonlyMap<string, Held>;
}

/**
 * Holds back definitions that are other than what was approved: by the lock file for servers that have
 * one, else by first use. What is held back is shown nowhere until a person approves it.
 */
export class Pins {
  readonly #options: PinsOptions;
  readonly #judged = new Map<string, Judged>();
  readonly #approved: Approved;
  readonly #stopWatching: () => void;

  /** Throws a StartError when what the store has is wrong. */
  constructor(options: PinsOptions) {
    const { store, log } = options;
    this.#options = options;
    this.#approved = new Approved(store, log);
    this.#stopWatching = store.watch(() => this.#readAgain());
  }

  /** Hears no longer of what other gateways approve. */
  close(): void {
    this.#stopWatching();
  }

  /** What of a catalogue is shown; the same object for as long as both stay the same. */
  shown(server: string, catalogue: Catalogue): Catalogue {
    const known = this.#judged.get(server);
    if (known?.of === catalogue) return known.shown;
    return this.#judge(server, catalogue).shown;
  }

  /** Looks at what a server shows as soon as it does, so that its first use is not that of the first caller. */
  observe({ name, catalogue, status }: Pick<Mount, "name" | "catalogue" | "status">): void {
    if (isServing(status)) this.shown(name, catalogue);
  }

  isHeld(server: string, kind: DefinitionKind, name: string): boolean {
    return this.#judged.get(server)?.held.has(keyOf({ kind, name })) === true;
  }

  /** All that is held back, by server. */
  held(): HeldDefinition[] {
    return [...this.#judged.entries()].flatMap(([server, { held }]) =>
      [...held.values()].map(({ before, ...rest }) => ({
        server,
        ...rest,
        differences: differencesOf(before ?? {}, rest.after),
      })),
    );
  }

  /** Approves what was looked at; false when there is no such thing, or another one by now. */
  approve({ server, kind, name, digest }: ApprovedDefinition, by: string): boolean {
    const judged = this.#judged.get(server);
    const held = judged?.held.get(keyOf({ kind, name }));
    if (!judged || held?.digest !== digest) return false;
    const pinned = this.#pinsOf([{ kind, name, listing: held.after }], by);
    this.#approved.change(server, (known) => ({ ...known, ...pinned }));
    const what = kind;
    this.#options.activity.happened({ kind: "definition.approved", server, what, name, by });
    this.#judge(server, judged.of);
    this.#options.onChange(server, [kind]);
    return true;
  }

  forget(server: string): void {
    this.#judged.delete(server);
  }

  /** Another gateway may have approved something. */
  #readAgain(): void {
    try {
      this.#approved.readAgain();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#options.log.error("The file of approved definitions was not read again", { message });
      return;
    }
    for (const [server, { of, held }] of [...this.#judged]) {
      const after = this.#judge(server, of);
      const other = [
        ...[...held].filter(([key]) => !after.held.has(key)),
        ...[...after.held].filter(([key]) => !held.has(key)),
      ].map(([, { kind }]) => kind);
      if (other.length > 0) this.#options.onChange(server, other);
    }
  }

  #judge(server: string, catalogue: Catalogue): Judged {
    const { activity, lockOf, log, showAdded } = this.#options;
    const before = this.#judged.get(server)?.held;
    const lock = lockOf(server);
    const pins = this.#approved.of(server);
    const others = this.#namesOfOthers(server);
    const held = new Map<string, Held>();
    const all = definitionsOf(catalogue, lock !== undefined);
    for (const definition of all) {
      const found = judge(definition, all, { pins, lock, showAdded, others });
      if (!found) continue;
      const key = keyOf(definition);
      held.set(key, found);
      if (before?.get(key)?.digest === found.digest) continue;
      const { kind: what, name, reason } = found;
      activity.happened({ kind: "definition.held", server, what, name, reason });
      log.warn("A definition is held back", { mount: server, [what]: name, reason });
    }
    const fresh = all.filter((one) => !lock && !held.has(keyOf(one)) && !pinOf(pins, one));
    if (fresh.length > 0) this.#pinFirst(server, fresh, all);
    const isHeld = (kind: DefinitionKind, name: string) => held.has(keyOf({ kind, name }));
    const said = held.get(keyOf({ kind: "server", name: "instructions" }))?.before;
    const shown = held.size === 0 ? catalogue : withoutHeld(server, catalogue, isHeld, said);
    const judged = { of: catalogue, shown, held };
    this.#judged.set(server, judged);
    return judged;
  }

  /** What another gateway approved meanwhile stays, and is what is compared with. */
  #pinFirst(server: string, fresh: readonly Definition[], all: readonly Definition[]): void {
    const first = this.#pinsOf(fresh, "first use");
    const listed = new Set(all.map(keyOf));
    this.#approved.change(server, (known) => {
      const kept = withoutGone(known, listed);
      return { ...kept, ...first, ...kept };
    });
  }

  #pinsOf(definitions: readonly Definition[], by: string): PinsOfServer {
    const { now = () => new Date() } = this.#options;
    const approvedAt = now().toISOString();
    const pins = definitions.map((definition) => {
      const { listing } = definition;
      const pin = { digest: digestOf(listing), definition: { ...listing }, approvedAt, by };
      return [keyOf(definition), pin];
    });
    return Object.fromEntries(pins);
  }

  #namesOfOthers(server: string): string[] {
    return [...this.#judged].flatMap(([name, { of }]) =>
      name === server ? [] : of.tools.map((tool) => joinName(name, tool.name)),
    );
  }
}

/** Resources come and go: of those that went only so many are remembered, the last that came. */
function withoutGone(pins: PinsOfServer, listed: ReadonlySet<string>): PinsOfServer {
  const gone = Object.keys(pins).filter((key) => key.startsWith("resource ") && !listed.has(key));
  const forgotten = new Set(gone.slice(0, Math.max(0, gone.length - MAX_GONE_RESOURCES)));
  return Object.fromEntries(Object.entries(pins).filter(([key]) => !forgotten.has(key)));
}
