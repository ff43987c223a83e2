import type { Log, ServerEvent } from "#shared/core/contract.ts";
import type { ToolError } from "#shared/core/errors.ts";
import { DRAIN_MS } from "#shared/core/lifecycle.ts";
import type { MountSettings } from "../settings/spec.ts";
import { Attempts } from "./attempts.ts";
import { type Backoff, STABLE_MS } from "./backoff.ts";
import type { Catalogue } from "./catalogue.ts";
import { closeQuietly } from "./connect-within.ts";
import type { Connector, MountStatus } from "./mount.ts";
import { MountError, reasonOf } from "./mount-error.ts";
import { Retries } from "./retries.ts";
import { givesSign, listsOfRunning, PING_MS, type Running, retire } from "./running.ts";
import { Standing } from "./standing.ts";

export interface SupervisorOptions {
  settings: Pick<MountSettings, "name" | "startTimeoutMs">;
  connector: Connector;
  backoff: Backoff;
  log: Log;
  now(): Date;
  pingMs?: number | undefined;
  onStatus(): void;
  /** What the server shows, when it has come up and when that has changed. */
  onLists(catalogue: Catalogue): void;
  /** Nothing runs any longer. */
  onDown(): void;
  /** An event that is not about lists. */
  onEvent(event: ServerEvent): void;
}

/** Keeps one server up: opens it, and opens it again, later and later, for as long as the gateway runs. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #standing: Standing;
  readonly #attempts: Attempts;
  readonly #retries: Retries;
  #connector: Connector;
  #startTimeoutMs: number;
  #running: Running | undefined;
  #doubting: Running | undefined;
  #begun = false;
  #starts = 0;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#connector = options.connector;
    this.#startTimeoutMs = options.settings.startTimeoutMs;
    this.#standing = new Standing(options.onStatus);
    this.#attempts = new Attempts(options.log, {
      onUp: (running, catalogue) => this.#up(running, catalogue),
      onFail: (error) => this.#fail(error),
    });
    this.#retries = new Retries(options.backoff);
  }

  get status(): MountStatus {
    return this.#standing.status;
  }
  get settled(): Promise<void> {
    return this.#standing.settled;
  }
  get running(): Running | undefined {
    return this.#running;
  }
  /** How often it came up. */
  get starts(): number {
    return this.#starts;
  }
  /** What callers are told while nothing runs. */
  unavailable(): ToolError {
    return this.#standing.unavailable(this.#options.settings.name, this.#options.now());
  }

  /** Once, whoever asks for it. */
  start(): void {
    if (!this.#begun) this.#open();
  }

  /** One that runs already serves until the new one does. */
  replace(connector: Connector, startTimeoutMs: number): void {
    this.#connector = connector;
    this.#startTimeoutMs = startTimeoutMs;
    this.#retries.forget();
    this.#open();
  }

  #open(): void {
    const { settings, now, onEvent } = this.#options;
    this.#begun = true;
    this.#retries.stop();
    void this.#attempts.begin({
      mount: settings.name,
      connector: this.#connector,
      limitMs: this.#startTimeoutMs,
      now,
      onEvent: (from, event) => {
        if (from !== this.#running) return;
        if (event.kind === "resource_updated") onEvent(event);
        else this.#relist(from);
      },
      onGone: (from, error) => this.#gone(from, error),
      onDoubt: (from, reason) => void this.doubt(from, reason),
    });
  }

  #up(running: Running, catalogue: Catalogue): void {
    const { log, settings, onLists } = this.#options;
    const before = this.#running;
    this.#running = running;
    this.#starts++;
    onLists(catalogue);
    this.#standing.report({ state: "ready" });
    if (before) void retire(before, DRAIN_MS, log, settings.name);
  }

  #relist(running: Running): void {
    try {
      this.#options.onLists(listsOfRunning(running));
    } catch (error) {
      this.#gone(running, error);
    }
  }

  /** A server is gone in the middle of its work: its calls end now, and it is opened anew. */
  #gone(running: Running, error: unknown): void {
    if (running !== this.#running) {
      running.calls.endAll();
      return;
    }
    const { log, settings, now, onDown } = this.#options;
    this.#running = undefined;
    onDown();
    if (now().getTime() - running.since >= STABLE_MS) this.#retries.forget();
    // when a replacement is on its way already, it is waited for
    if (this.#attempts.isOn) this.#standing.report({ state: "starting", reason: reasonOf(error) });
    else this.#fail(error);
    running.calls.endAll();
    void closeQuietly(running, log, settings.name);
  }

  #fail(error: unknown): void {
    const reason = reasonOf(error);
    if (error instanceof MountError && !error.retry) {
      this.#standing.report({ state: this.#running ? "degraded" : "failed", reason });
      return;
    }
    const delay = this.#retries.later(() => this.#open());
    const down = this.#retries.isLoop ? "crash-loop" : "backoff";
    const state = this.#running ? "degraded" : down;
    this.#standing.report({ state, reason, retryAt: this.#options.now().getTime() + delay });
  }

  /** Asks for a sign of life; a server that gives none is ended and opened anew. */
  async doubt(running: Running, reason: string): Promise<void> {
    if (running !== this.#running || this.#doubting === running || !running.ping) return;
    this.#doubting = running;
    const before = this.status;
    this.#standing.report({ state: "degraded", reason });
    const alive = await givesSign(running, this.#options.pingMs ?? PING_MS);
    this.#doubting = undefined;
    if (running !== this.#running) return;
    if (alive) this.#standing.report(before);
    else this.#gone(running, new MountError(`${reason}, and it gives no sign of life`));
  }

  async close(drainMs: number): Promise<void> {
    this.#attempts.close();
    this.#retries.stop();
    const running = this.#running;
    this.#running = undefined;
    this.#standing.close();
    if (running) await retire(running, drainMs, this.#options.log, this.#options.settings.name);
  }
}
