import type { CallContext, Instance, Log, Outcome, ServerModule } from "#shared/core/contract.ts";
import type { ToolError } from "#shared/core/errors.ts";
import type { MountSettings } from "../settings/spec.ts";
import type { Backoff } from "./backoff.ts";
import { CallRunner } from "./call-runner.ts";
import type { Catalogue } from "./catalogue.ts";
import { type Backing, facadeInstance } from "./facade.ts";
import { facadeModule } from "./facade-module.ts";
import type { Connector, Mount, MountListener, MountStatus } from "./mount.ts";
import { runInScope } from "./scope.ts";
import { HOLD_MS, settledWithin } from "./settled.ts";
import { ShownLists } from "./shown-lists.ts";
import { Supervisor } from "./supervisor.ts";

export interface SupervisedMountOptions {
  settings: MountSettings;
  connector: Connector;
  backoff: Backoff;
  listener: MountListener;
  log: Log;
  now?: () => Date;
  pingMs?: number;
}

/** A server that is kept up, with the lists that are shown of it and the calls that it runs. */
export class SupervisedMount implements Mount, Backing {
  readonly name: string;
  readonly module: ServerModule;
  readonly instance: Instance;
  readonly startedAt: number;
  readonly now: () => Date;
  readonly #supervisor: Supervisor;
  readonly #lists: ShownLists;
  readonly #calls: CallRunner;
  #settings: MountSettings;

  constructor(options: SupervisedMountOptions) {
    const { settings, connector, backoff, listener, log, now = () => new Date() } = options;
    this.#settings = settings;
    this.name = settings.name;
    this.now = now;
    this.startedAt = now().getTime();
    this.#lists = new ShownLists(settings, connector.lastKnown(), (event) =>
      listener.onEvent(this, event),
    );
    const supervisor = new Supervisor({
      settings,
      connector,
      backoff,
      log,
      now,
      pingMs: options.pingMs,
      onStatus: () => listener.onStatus(this),
      onLists: (catalogue) => this.#lists.show(catalogue),
      onDown: () => this.#lists.down(),
      onEvent: (event) => listener.onEvent(this, event),
    });
    this.#supervisor = supervisor;
    this.#calls = new CallRunner({
      name: this.name,
      bounds: settings,
      log,
      running: () => supervisor.running,
      unavailable: () => supervisor.unavailable(),
      onDoubt: (running, reason) => void supervisor.doubt(running, reason),
    });
    this.instance = facadeInstance(this);
    this.module = facadeModule(this);
  }

  get prefix(): string {
    return this.#settings.prefix;
  }
  get required(): boolean {
    return this.#settings.required;
  }
  get status(): MountStatus {
    return this.#supervisor.status;
  }
  get settled(): Promise<void> {
    return this.#supervisor.settled;
  }
  get starts(): number {
    return this.#supervisor.starts;
  }
  get isUp(): boolean {
    return this.#supervisor.running !== undefined;
  }
  get callsInFlight(): number {
    return this.#supervisor.running?.calls.size ?? 0;
  }
  get catalogue(): Catalogue {
    return this.#lists.catalogue;
  }
  get isKnown(): boolean {
    return this.#lists.isKnown;
  }
  allows(tool: string): boolean {
    return this.#lists.allows(tool);
  }

  start(): void {
    this.#supervisor.start();
  }

  replace(settings: MountSettings, connector: Connector): void {
    this.#settings = settings;
    this.#lists.configure(settings);
    this.#calls.configure(settings);
    this.#supervisor.replace(connector, settings.startTimeoutMs);
  }

  use<T>(
    work: (instance: Instance, context: CallContext) => Promise<Outcome<T>>,
    fail: (error: ToolError) => Outcome<T>,
    context: CallContext,
  ): Promise<Outcome<T>> {
    const run = () => this.#calls.run(work, fail, context);
    return this.status.state === "starting" ? this.#firstStart().then(run) : run();
  }

  /** A first call begins it and waits; a later one finds it up, or is told that it is not. */
  async #firstStart(): Promise<void> {
    this.start();
    await settledWithin([this], HOLD_MS);
  }

  /** How the server says it is, without a place among the calls. */
  async ask<T>(work: (instance: Instance) => Promise<T>): Promise<T> {
    const { running } = this.#supervisor;
    if (!running) throw this.#supervisor.unavailable();
    return running.calls.run(undefined, () =>
      runInScope(running.scope, () => work(running.instance)),
    );
  }

  close(drainMs = 0): Promise<void> {
    return this.#supervisor.close(drainMs);
  }
}
