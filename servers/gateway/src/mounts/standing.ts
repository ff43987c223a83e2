import type { ToolError } from "#shared/core/errors.ts";
import { unavailable } from "./calls.ts";
import type { MountStatus } from "./mount.ts";

/** How a mount stands, from its start to its end. */
export class Standing {
  /** Resolves when it is another than at the start for the first time. */
  readonly settled: Promise<void>;
  readonly #onStatus: () => void;
  #settle = () => {};
  #status: MountStatus = { state: "starting" };

  constructor(onStatus: () => void) {
    this.#onStatus = onStatus;
    this.settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get status(): MountStatus {
    return this.#status;
  }

  report(status: MountStatus): void {
    this.#status = status;
    this.#settle();
    this.#onStatus();
  }

  /** Nobody is told: whoever closes knows. */
  close(): void {
    this.#status = { state: "closed" };
    this.#settle();
  }

  /** What callers are told while there is no server. */
  unavailable(server: string, now: Date): ToolError {
    const { state, retryAt } = this.#status;
    return unavailable(server, state === "starting" ? now.getTime() : retryAt, now);
  }
}
