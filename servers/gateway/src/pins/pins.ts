import type { Log } from "#shared/core/contract.ts";
import type { Activity } from "../activity/activity.ts";
import { joinName } from "../aggregate/names.ts";
import type { Catalogue } from "../mounts/catalogue.ts";
import { isServing, type Mount } from "../mounts/mount.ts";
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
import type { PinFile, PinStore } from "./store.ts";

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
  #pins: PinFile;

  constructor(options: PinsOptions) {
    this.#options = options;
    this.#pins = options.store.read();
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
    this.#pin(server, [{ kind, name, listing: held.after }], by);
    const what = kind;
    this.#options.activity.happened({ kind: "definition.approved", server, what, name, by });
    this.#judge(server, judged.of);
    this.#options.onChange(server, [kind]);
    return true;
  }

  /** Reads again what was approved, perhaps by another gateway. */
  reload(): void {
    this.#pins = this.#options.store.read();
    for (const [server, { of, held }] of [...this.#judged]) {
      const after = this.#judge(server, of);
      const other = [
        ...[...held].filter(([key]) => !after.held.has(key)),
        ...[...after.held].filter(([key]) => !held.has(key)),
      ].map(([, { kind }]) => kind);
      if (other.length > 0) this.#options.onChange(server, other);
    }
  }

  forget(server: string): void {
    this.#judged.delete(server);
  }

  #judge(server: string, catalogue: Catalogue): Judged {
    const { activity, lockOf, log, showAdded } = this.#options;
    const before = this.#judged.get(server)?.held;
    const lock = lockOf(server);
    const pins = this.#pins.servers[server];
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
    if (fresh.length > 0) {
      this.#forgetGone(server, all);
      this.#pin(server, fresh, "first use");
    }
    const isHeld = (kind: DefinitionKind, name: string) => held.has(keyOf({ kind, name }));
    const said = held.get(keyOf({ kind: "server", name: "instructions" }))?.before;
    const shown = held.size === 0 ? catalogue : withoutHeld(server, catalogue, isHeld, said);
    const judged = { of: catalogue, shown, held };
    this.#judged.set(server, judged);
    return judged;
  }

  /** A pin that cannot be written holds for as long as the gateway runs. */
  #pin(server: string, definitions: readonly Definition[], by: string): void {
    const { store, log, now = () => new Date() } = this.#options;
    const approvedAt = now().toISOString();
    const added = definitions.map((definition) => {
      const { listing } = definition;
      const pin = { digest: digestOf(listing), definition: { ...listing }, approvedAt, by };
      return [keyOf(definition), pin];
    });
    const { servers } = this.#pins;
    const ofServer = { ...servers[server], ...Object.fromEntries(added) };
    this.#pins = { version: 1, servers: { ...servers, [server]: ofServer } };
    try {
      store.write(this.#pins);
    } catch (error) {
      log.error("What was approved could not be written: it will not outlast this process", {
        error,
      });
    }
  }

  /** Resources come and go: of those that went only so many are remembered, the last that came. */
  #forgetGone(server: string, all: readonly Definition[]): void {
    const { servers } = this.#pins;
    const keys = new Set(all.map(keyOf));
    const gone = Object.keys(servers[server] ?? {}).filter(
      (key) => key.startsWith("resource ") && !keys.has(key),
    );
    const forgotten = new Set(gone.slice(0, Math.max(0, gone.length - MAX_GONE_RESOURCES)));
    if (forgotten.size === 0) return;
    const kept = Object.entries(servers[server] ?? {}).filter(([key]) => !forgotten.has(key));
    this.#pins = { version: 1, servers: { ...servers, [server]: Object.fromEntries(kept) } };
  }

  #namesOfOthers(server: string): string[] {
    return [...this.#judged].flatMap(([name, { of }]) =>
      name === server ? [] : of.tools.map((tool) => joinName(name, tool.name)),
    );
  }
}
