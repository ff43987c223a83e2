import type {
  CallContext,
  Instance,
  Log,
  Outcome,
  ServerEvent,
  ServerModule,
} from "#shared/core/contract.ts";
import type { ToolError } from "#shared/core/errors.ts";
import { DRAIN_MS } from "#shared/core/lifecycle.ts";
import type { MountSettings } from "../settings/spec.ts";
import { type Backoff, STABLE_MS } from "./backoff.ts";
import { CallRunner } from "./call-runner.ts";
import { unavailable } from "./calls.ts";
import type { Catalogue } from "./catalogue.ts";
import { closeQuietly } from "./connect-within.ts";
import { type Backing, facadeInstance, facadeModule } from "./facade.ts";
import type { Connector, Mount, MountListener, MountStatus } from "./mount.ts";
import { MountError, reasonOf } from "./mount-error.ts";
import { Retries } from "./retries.ts";
import { givesSign, listsOfRunning, openServer, PING_MS, type Running, retire } from "./running.ts";
import { runInScope } from "./scope.ts";
import { HOLD_MS, settledWithin } from "./settled.ts";
import { ShownLists } from "./shown-lists.ts";

export interface SupervisorOptions {
  settings: MountSettings;
  connector: Connector;
  backoff: Backoff;
  listener: MountListener;
  log: Log;
  now?: () => Date;
  pingMs?: number;
}

/** Keeps one server up: opens it, and opens it again, later and later, for as long as the gateway runs. */
export class Supervisor implements Mount, Backing {
  readonly name: string;
  readonly settled: Promise<void>;
  readonly module: ServerModule;
  readonly instance: Instance;
  readonly startedAt: number;
  readonly now: () => Date;
  readonly #options: SupervisorOptions;
  readonly #settle: () => void;
  readonly #closing = new AbortController();
  readonly #lists: ShownLists;
  readonly #calls: CallRunner;
  readonly #retries: Retries;
  #settings: MountSettings;
  #connector: Connector;
  #status: MountStatus = { state: "starting" };
  #running: Running | undefined;
  #attempt: AbortController | undefined;
  #doubting: Running | undefined;
  #begun = false;
  #starts = 0;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#connector = options.connector;
    this.name = options.settings.name;
    this.now = options.now ?? (() => new Date());
    this.startedAt = this.now().getTime();
    this.#retries = new Retries(options.backoff);
    this.#lists = new ShownLists(options.settings, options.connector.lastKnown(), (event) =>
      options.listener.onEvent(this, event),
    );
    this.#calls = new CallRunner({
      name: this.name,
      bounds: options.settings,
      log: options.log,
      running: () => this.#running,
      unavailable: () => this.#unavailable(),
      onDoubt: (running, reason) => void this.#doubt(running, reason),
    });
    let settle = () => {};
    this.settled = new Promise((resolve) => {
      settle = resolve;
    });
    this.#settle = settle;
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
    return this.#status;
  }
  get catalogue(): Catalogue {
    return this.#lists.catalogue;
  }
  get isKnown(): boolean {
    return this.#lists.isKnown;
  }
  get isUp(): boolean {
    return this.#running !== undefined;
  }
  get starts(): number {
    return this.#starts;
  }
  get callsInFlight(): number {
    return this.#running?.calls.size ?? 0;
  }
  allows(tool: string): boolean {
    return this.#lists.allows(tool);
  }

  start(): void {
    if (!this.#begun) void this.#open();
  }

  /** A first call begins it and waits; a later one finds it up, or is told that it is not. */
  async #firstStart(): Promise<void> {
    this.start();
    await settledWithin([this], HOLD_MS);
  }

  replace(settings: MountSettings, connector: Connector): void {
    this.#settings = settings;
    this.#connector = connector;
    this.#lists.configure(settings);
    this.#calls.configure(settings);
    this.#retries.forget();
    void this.#open();
  }

  /** Opens a server; one that runs already serves until the new one does. */
  async #open(): Promise<void> {
    this.#begun = true;
    this.#retries.stop();
    this.#attempt?.abort(new MountError("it was replaced"));
    const attempt = new AbortController();
    this.#attempt = attempt;
    let running: Running | undefined;
    try {
      running = await openServer({
        mount: this.name,
        connector: this.#connector,
        limitMs: this.#settings.startTimeoutMs,
        signal: AbortSignal.any([this.#closing.signal, attempt.signal]),
        now: this.now,
        onEvent: (from, event) => from === this.#running && this.#onEvent(from, event),
        onGone: (from, error) => this.#gone(from, error),
        onDoubt: (from, reason) => void this.#doubt(from, reason),
      });
      const catalogue = listsOfRunning(running);
      this.#closing.signal.throwIfAborted();
      attempt.signal.throwIfAborted();
      this.#up(running, catalogue);
    } catch (error) {
      if (running) await closeQuietly(running, this.#options.log, this.name);
      if (this.#attempt === attempt) this.#fail(error);
    } finally {
      if (this.#attempt === attempt) this.#attempt = undefined;
    }
  }

  #up(running: Running, catalogue: Catalogue): void {
    const before = this.#running;
    this.#running = running;
    this.#starts++;
    this.#lists.show(catalogue);
    this.#report({ state: "ready" });
    if (before) void retire(before, DRAIN_MS, this.#options.log, this.name);
  }

  /** A server is gone in the middle of its work: its calls end now, and it is opened anew. */
  #gone(running: Running, error: unknown): void {
    if (running !== this.#running) {
      running.calls.endAll();
      return;
    }
    this.#running = undefined;
    this.#lists.down();
    if (this.now().getTime() - running.since >= STABLE_MS) this.#retries.forget();
    // when a replacement is on its way already, it is waited for
    if (this.#attempt) this.#report({ state: "starting", reason: reasonOf(error) });
    else this.#fail(error);
    running.calls.endAll();
    void closeQuietly(running, this.#options.log, this.name);
  }

  #fail(error: unknown): void {
    if (this.#closing.signal.aborted) return;
    const reason = reasonOf(error);
    if (error instanceof MountError && !error.retry) {
      this.#report({ state: this.#running ? "degraded" : "failed", reason });
      return;
    }
    const delay = this.#retries.later(() => void this.#open());
    const down = this.#retries.isLoop ? "crash-loop" : "backoff";
    const state = this.#running ? "degraded" : down;
    this.#report({ state, reason, retryAt: this.now().getTime() + delay });
  }

  /** Asks for a sign of life; a server that gives none is ended and opened anew. */
  async #doubt(running: Running, reason: string): Promise<void> {
    if (running !== this.#running || this.#doubting === running || !running.ping) return;
    this.#doubting = running;
    const before = this.#status;
    this.#report({ state: "degraded", reason });
    const alive = await givesSign(running, this.#options.pingMs ?? PING_MS);
    this.#doubting = undefined;
    if (running !== this.#running) return;
    if (alive) this.#report(before);
    else this.#gone(running, new MountError(`${reason}, and it gives no sign of life`));
  }

  #report(status: MountStatus): void {
    this.#status = status;
    this.#settle();
    this.#options.listener.onStatus(this);
  }

  #onEvent(running: Running, event: ServerEvent): void {
    if (event.kind === "resource_updated") {
      this.#options.listener.onEvent(this, event);
      return;
    }
    try {
      this.#lists.show(listsOfRunning(running));
    } catch (error) {
      this.#gone(running, error);
    }
  }

  async use<T>(
    work: (instance: Instance, context: CallContext) => Promise<Outcome<T>>,
    fail: (error: ToolError) => Outcome<T>,
    context: CallContext,
  ): Promise<Outcome<T>> {
    if (this.#status.state === "starting") await this.#firstStart();
    return this.#calls.run(work, fail, context);
  }

  /** How the server says it is, without a place among the calls. */
  async ask<T>(work: (instance: Instance) => Promise<T>): Promise<T> {
    const running = this.#running;
    if (!running) throw this.#unavailable();
    return running.calls.run(undefined, () =>
      runInScope(running.scope, () => work(running.instance)),
    );
  }

  #unavailable(): ToolError {
    const { state, retryAt } = this.#status;
    const now = this.now();
    return unavailable(this.name, state === "starting" ? now.getTime() : retryAt, now);
  }

  async close(drainMs = 0): Promise<void> {
    this.#closing.abort(new MountError("the gateway stops", { retry: false }));
    this.#retries.stop();
    const running = this.#running;
    this.#running = undefined;
    this.#status = { state: "closed" };
    this.#settle();
    if (running) await retire(running, drainMs, this.#options.log, this.name);
  }
}
