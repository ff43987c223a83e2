import type { CallContext, Instance, Log, Outcome } from "#shared/core/contract.ts";
import type { ToolError } from "#shared/core/errors.ts";
import type { MountSettings } from "../settings/spec.ts";
import { breach, checkOutcome, Gone } from "./calls.ts";
import { Deadline } from "./deadline.ts";
import { Gate } from "./gate.ts";
import type { Running } from "./running.ts";
import { runInScope } from "./scope.ts";

type Bounds = Pick<MountSettings, "maxConcurrency" | "maxQueue" | "callTimeoutMs">;

export interface CallRunnerOptions {
  name: string;
  bounds: Bounds;
  log: Log;
  running(): Running | undefined;
  /** What a caller is told while there is none. */
  unavailable(): ToolError;
  onDoubt(running: Running, reason: string): void;
}

/** Runs calls on the server that runs just now: so many at a time, each up to its deadline. Never rejects. */
export class CallRunner {
  readonly #options: CallRunnerOptions;
  readonly #gate: Gate;
  #callTimeoutMs: number;

  constructor(options: CallRunnerOptions) {
    const { maxConcurrency, maxQueue, callTimeoutMs } = options.bounds;
    this.#options = options;
    this.#gate = new Gate(maxConcurrency, maxQueue);
    this.#callTimeoutMs = callTimeoutMs;
  }

  configure({ maxConcurrency, maxQueue, callTimeoutMs }: Bounds): void {
    this.#gate.resize(maxConcurrency, maxQueue);
    this.#callTimeoutMs = callTimeoutMs;
  }

  async run<T>(
    work: (instance: Instance, context: CallContext) => Promise<Outcome<T>>,
    fail: (error: ToolError) => Outcome<T>,
    given: CallContext,
  ): Promise<Outcome<T>> {
    const { name, log, unavailable, onDoubt } = this.#options;
    let running = this.#options.running();
    if (!running) return fail(unavailable());
    const deadline = new Deadline(given, this.#callTimeoutMs);
    const { context } = deadline;
    let entered = false;
    try {
      if (this.#gate.isFree) this.#gate.take();
      else await this.#gate.enter(name, context.signal);
      entered = true;
      running = this.#options.running();
      if (!running) return fail(unavailable());
      const { scope, instance, calls } = running;
      const run = () => runInScope(scope, () => work(instance, context));
      return checkOutcome(await calls.run(deadline, run));
    } catch (error) {
      if (error instanceof Gone) return fail(unavailable());
      if (deadline.isOver && running)
        onDoubt(running, `a call did not end in ${this.#callTimeoutMs} ms`);
      return fail(breach(name, error, context, log));
    } finally {
      deadline.clear();
      if (entered) this.#gate.leave();
    }
  }
}
