import { type ConnectorOptions, connectorFor } from "../kinds/connector.ts";
import { markOf } from "../kinds/mark.ts";
import type { MountSpec } from "../settings/spec.ts";
import { type Backoff, fullJitter } from "./backoff.ts";
import type { Mount, MountListener } from "./mount.ts";
import { HOLD_MS, settledWithin } from "./settled.ts";
import { SupervisedMount } from "./supervised-mount.ts";

export interface MountsOptions extends ConnectorOptions {
  specs: readonly MountSpec[];
  listener: MountListener;
  backoff?: Backoff;
}

/** What a change of the settings did, by names of mounts. */
export interface Changes {
  added: string[];
  changed: string[];
  removed: string[];
}

/** The mounts, in the order of their names. Which they are may change; each stays the same while it is there. */
export class MountSet {
  readonly #options: MountsOptions;
  readonly #marks = new Map<string, string>();
  readonly #specs = new Map<string, MountSpec>();
  #mounts: readonly Mount[] = [];
  #later: NodeJS.Timeout | undefined;

  constructor(options: MountsOptions) {
    this.#options = options;
    this.#mounts = options.specs.map((spec) => this.#create(spec)).sort(byName);
  }

  get all(): readonly Mount[] {
    return this.#mounts;
  }

  find(name: string): Mount | undefined {
    return this.#mounts.find((mount) => mount.name === name);
  }

  start(): void {
    for (const mount of this.#mounts) mount.start();
  }

  /**
   * Starts what nothing is known of, and waits for its lists. The others are shown as they are known, and
   * start when they are called, else one after the other when there is time: whoever asks for lists and
   * leaves has started nothing.
   */
  async startLazily(): Promise<void> {
    const unknown = this.#mounts.filter(({ isKnown }) => !isKnown);
    for (const mount of unknown) mount.start();
    this.#later = setTimeout(() => void this.#startInTurn(), LATER_MS);
    this.#later.unref();
    await settledWithin(unknown, HOLD_MS);
  }

  async #startInTurn(): Promise<void> {
    for (const mount of this.#mounts) {
      mount.start();
      await mount.settled;
    }
  }

  /** Makes the mounts those of `specs`: only what differs is touched, and no call is lost by it. */
  apply(specs: readonly MountSpec[]): Changes {
    const changes: Changes = { added: [], changed: [], removed: [] };
    const kept: Mount[] = [];
    for (const spec of specs) {
      const mount = this.find(spec.name);
      const mark = markOf(spec);
      if (!mount) {
        const added = this.#create(spec);
        kept.push(added);
        changes.added.push(spec.name);
        added.start();
        continue;
      }
      kept.push(mount);
      if (mark === this.#marks.get(spec.name)) continue;
      this.#marks.set(spec.name, mark);
      this.#specs.set(spec.name, spec);
      changes.changed.push(spec.name);
      mount.replace(spec, connectorFor(spec, this.#options));
    }
    const removed = this.#mounts.filter((mount) => !kept.includes(mount));
    this.#mounts = kept.sort(byName);
    for (const mount of removed) {
      this.#marks.delete(mount.name);
      this.#specs.delete(mount.name);
      changes.removed.push(mount.name);
      void mount.close(DRAIN_REMOVED_MS);
    }
    return changes;
  }

  /** Opens a server anew, which serves once it is open; false when there is none of that name. */
  restart(name: string): boolean {
    const mount = this.find(name);
    const spec = this.#specs.get(name);
    if (!mount || !spec) return false;
    mount.replace(spec, connectorFor(spec, this.#options));
    return true;
  }

  /** What a server was mounted by. */
  specOf(name: string): MountSpec | undefined {
    return this.#specs.get(name);
  }

  async close(): Promise<void> {
    clearTimeout(this.#later);
    await Promise.all(this.#mounts.map((mount) => mount.close()));
  }

  #create(spec: MountSpec): Mount {
    const { backoff = fullJitter(), listener, log } = this.#options;
    this.#marks.set(spec.name, markOf(spec));
    this.#specs.set(spec.name, spec);
    return new SupervisedMount({
      settings: spec,
      connector: connectorFor(spec, this.#options),
      backoff,
      listener,
      log,
    });
  }
}

/** Milliseconds after which servers start that nobody has called so far. */
const LATER_MS = 1_000;

/** Milliseconds that calls of a server get that is mounted no longer. */
const DRAIN_REMOVED_MS = 30_000;

const byName = (a: Mount, b: Mount) => (a.name < b.name ? -1 : 1);
