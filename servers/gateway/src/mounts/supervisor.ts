import type {
  CallContext,
  Instance,
  Log,
  Outcome,
  ServerEvent,
  ServerModule,
} from "#shared/core/contract.ts";
import type { ToolError } from "#shared/core/errors.ts";
import { type Backoff, STABLE_MS } from "./backoff.ts";
import { breach, CallsInFlight, checkOutcome, Gone, unavailable } from "./calls.ts";
import { type Catalogue, changedLists, takeCatalogue, unknownCatalogue } from "./catalogue.ts";
import { closeQuietly, connectWithin } from "./connect-within.ts";
import { type Backing, facadeInstance, facadeModule } from "./facade.ts";
import type { Connection, Connector, Mount, MountListener, MountStatus } from "./mount.ts";
import { MountError, reasonOf } from "./mount-error.ts";
import { runInScope, type Scope } from "./scope.ts";

export interface SupervisorOptions {
  name: string;
  required: boolean;
  startTimeoutMs: number;
  connector: Connector;
  backoff: Backoff;
  listener: MountListener;
  log: Log;
  now?: () => Date;
}

/** A connection, and what belongs to it alone: what an earlier one still does concerns nobody. */
interface Running extends Connection {
  scope: Scope;
  calls: CallsInFlight;
  since: number;
}

const listsOf = ({ scope, module, instance }: Running): Catalogue =>
  runInScope(scope, () => takeCatalogue(module, instance));

/** Keeps one server up: opens it, and opens it again, later and later, for as long as the gateway runs. */
export class Supervisor implements Mount, Backing {
  readonly name: string;
  readonly required: boolean;
  readonly settled: Promise<void>;
  readonly module: ServerModule;
  readonly instance: Instance;
  readonly startedAt: number;
  readonly now: () => Date;
  readonly #options: SupervisorOptions;
  readonly #settle: () => void;
  readonly #closing = new AbortController();
  #status: MountStatus = { state: "starting" };
  #catalogue: Catalogue;
  #running: Running | undefined;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.name = options.name;
    this.required = options.required;
    this.now = options.now ?? (() => new Date());
    this.startedAt = this.now().getTime();
    this.#catalogue = options.connector.lastKnown() ?? unknownCatalogue(options.name);
    let settle = () => {};
    this.settled = new Promise((resolve) => {
      settle = resolve;
    });
    this.#settle = settle;
    this.instance = facadeInstance(this);
    this.module = facadeModule(this);
  }

  get status(): MountStatus {
    return this.#status;
  }
  get catalogue(): Catalogue {
    return this.#catalogue;
  }
  get isUp(): boolean {
    return this.#running !== undefined;
  }
  get callsInFlight(): number {
    return this.#running?.calls.size ?? 0;
  }

  start(): void {
    void this.#attempt();
  }

  async #attempt(): Promise<void> {
    const calls = new CallsInFlight();
    let running: Running | undefined;
    const crashed = new AbortController();
    const scope: Scope = {
      mount: this.name,
      crash: (error) => {
        // before it runs, what it left uncaught is why it does not start
        crashed.abort(error);
        if (running && running === this.#running) this.#down(error);
      },
    };
    try {
      const connection = await connectWithin(this.#options.connector, scope, {
        limitMs: this.#options.startTimeoutMs,
        signal: AbortSignal.any([this.#closing.signal, crashed.signal]),
        onEvent: (event) => running && running === this.#running && this.#onEvent(event),
      });
      running = { ...connection, scope, calls, since: this.now().getTime() };
      const catalogue = listsOf(running);
      crashed.signal.throwIfAborted();
      this.#closing.signal.throwIfAborted();
      this.#up(running, catalogue);
    } catch (error) {
      if (running) await closeQuietly(running, this.#options.log, this.name);
      this.#fail(error);
    }
  }

  #up(running: Running, catalogue: Catalogue): void {
    this.#running = running;
    this.#show(catalogue);
    this.#report({ state: "ready" });
  }

  /** The server is gone in the middle of its work: its calls end now, and it is opened anew. */
  #down(error: unknown): void {
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    if (this.now().getTime() - running.since >= STABLE_MS) this.#failures = 0;
    this.#fail(error);
    running.calls.endAll();
    void closeQuietly(running, this.#options.log, this.name);
  }

  #fail(error: unknown): void {
    if (this.#closing.signal.aborted) return;
    const reason = reasonOf(error);
    if (error instanceof MountError && !error.retry) {
      this.#report({ state: "failed", reason });
      return;
    }
    const delay = this.#options.backoff(this.#failures++);
    this.#timer = setTimeout(() => void this.#attempt(), delay);
    this.#report({ state: "failed", reason, retryAt: this.now().getTime() + delay });
  }

  #report(status: MountStatus): void {
    this.#status = status;
    this.#settle();
    this.#options.listener.onStatus(this);
  }

  #onEvent(event: ServerEvent): void {
    const running = this.#running;
    if (!running) return;
    if (event.kind === "resource_updated") {
      this.#options.listener.onEvent(this, event);
      return;
    }
    try {
      this.#show(listsOf(running));
    } catch (error) {
      this.#down(error);
    }
  }

  /** Shows other lists, and tells so when they are others. */
  #show(catalogue: Catalogue): void {
    const before = this.#catalogue;
    this.#catalogue = catalogue;
    for (const kind of changedLists(before, catalogue))
      this.#options.listener.onEvent(this, { kind });
  }

  async use<T>(
    work: (instance: Instance) => Promise<Outcome<T>>,
    fail: (error: ToolError) => Outcome<T>,
    context?: CallContext,
  ): Promise<Outcome<T>> {
    const running = this.#running;
    if (!running) return fail(this.#unavailable());
    try {
      const run = () => runInScope(running.scope, () => work(running.instance));
      return checkOutcome(await running.calls.run(context?.signal, run));
    } catch (error) {
      if (error instanceof Gone) return fail(this.#unavailable());
      return fail(breach(this.name, error, context, this.#options.log));
    }
  }

  #unavailable(): ToolError {
    const { state, retryAt } = this.#status;
    const now = this.now();
    return unavailable(this.name, state === "starting" ? now.getTime() : retryAt, now);
  }

  async close(): Promise<void> {
    this.#closing.abort(new MountError("the gateway stops", { retry: false }));
    clearTimeout(this.#timer);
    const running = this.#running;
    this.#running = undefined;
    this.#status = { state: "closed" };
    this.#settle();
    running?.calls.endAll();
    if (running) await closeQuietly(running, this.#options.log, this.name);
  }
}
