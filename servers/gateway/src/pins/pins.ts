import type { Log, ToolListing } from "#shared/core/contract.ts";
import type { Activity } from "../activity/activity.ts";
import { joinName } from "../aggregate/names.ts";
import type { Catalogue } from "../mounts/catalogue.ts";
import { isServing, type Mount } from "../mounts/mount.ts";
import { type Difference, differencesOf } from "./difference.ts";
import { digestOf } from "./digest.ts";
import { type Held, type HeldReason, judge } from "./judge.ts";
import type { PinFile, PinStore } from "./store.ts";

export interface PinsOptions {
  store: PinStore;
  /** Hashes of a server's own lock file, when it has one. */
  lockOf(server: string): ReadonlyMap<string, string> | undefined;
  showAdded: boolean;
  activity: Activity;
  log: Log;
  /** Called when what a server shows is other than before, beside changes of its own. */
  onChange(server: string): void;
  now?: () => Date;
}

/** A definition that is held back, as an operator sees it. */
export interface HeldDefinition {
  server: string;
  tool: string;
  reason: HeldReason;
  /** What is approved when it is: another change meanwhile is another digest. */
  digest: string;
  differences: Difference[];
  suspicions: readonly string[];
  after: ToolListing;
}

interface Judged {
  of: Catalogue;
  shown: Catalogue;
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

  isHeld(server: string, tool: string): boolean {
    return this.#judged.get(server)?.held.has(tool) === true;
  }

  /** All that is held back, by server and tool. */
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
  approve(server: string, tool: string, digest: string, by: string): boolean {
    const judged = this.#judged.get(server);
    const held = judged?.held.get(tool);
    if (!judged || held?.digest !== digest) return false;
    this.#pin(server, [held.after], by);
    this.#options.activity.happened({ kind: "definition.approved", server, tool, by });
    this.#judge(server, judged.of);
    this.#options.onChange(server);
    return true;
  }

  /** Reads again what was approved, perhaps by another gateway. */
  reload(): void {
    this.#pins = this.#options.store.read();
    for (const [server, { of, held }] of [...this.#judged]) {
      const after = this.#judge(server, of);
      if (after.held.size !== held.size) this.#options.onChange(server);
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
    for (const tool of catalogue.tools) {
      const found = judge(tool, catalogue.tools, { pins, lock, showAdded, others });
      if (!found) continue;
      held.set(tool.name, found);
      if (before?.get(tool.name)?.digest === found.digest) continue;
      const { reason } = found;
      activity.happened({ kind: "definition.held", server, tool: tool.name, reason });
      log.warn("A definition is held back", { mount: server, tool: tool.name, reason });
    }
    const tools = catalogue.tools.filter(({ name }) => !held.has(name));
    const fresh = tools.filter(({ name }) => !lock && !pins?.[name]);
    if (fresh.length > 0) this.#pin(server, fresh, "first use");
    const shown = held.size === 0 ? catalogue : { ...catalogue, tools };
    const judged = { of: catalogue, shown, held };
    this.#judged.set(server, judged);
    return judged;
  }

  /** A pin that cannot be written holds for as long as the gateway runs. */
  #pin(server: string, tools: readonly ToolListing[], by: string): void {
    const { store, log, now = () => new Date() } = this.#options;
    const added = tools.map((tool) => [
      tool.name,
      { digest: digestOf(tool), definition: { ...tool }, approvedAt: now().toISOString(), by },
    ]);
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

  #namesOfOthers(server: string): string[] {
    return [...this.#judged].flatMap(([name, { of }]) =>
      name === server ? [] : of.tools.map((tool) => joinName(name, tool.name)),
    );
  }
}
