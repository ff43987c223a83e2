// Copied from shared/core/lifecycle.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { FlushableLog } from "./lazy-log.ts";

/** Milliseconds that calls in flight get to end after SIGTERM. */
export const DRAIN_MS = 30_000;

export interface Shutdown {
  /** Aborted when the process is to stop: nothing new is begun from then on. */
  readonly signal: AbortSignal;
  /** Stops as a signal would, once; `exitCode` of the first call counts. */
  stop(reason: string, exitCode?: number): Promise<void>;
}

/**
 * Ends the process in order: on SIGTERM or SIGINT, or by `stop`, `close` runs once and the process
 * exits 0. A second signal, or a `close` that hangs past `limitMs`, ends it at once.
 */
export function onShutdown(
  close: () => Promise<void>,
  log: FlushableLog,
  limitMs = DRAIN_MS + 5_000,
): Shutdown {
  const controller = new AbortController();
  let stopping: Promise<void> | undefined;

  async function run(reason: string, exitCode: number): Promise<void> {
    log.debug("stopping", { reason });
    controller.abort(new Error(reason));
    const limit = setTimeout(() => process.exit(1), limitMs);
    limit.unref();
    let code = exitCode;
    try {
      await close();
    } catch (error) {
      log.error("The server did not close cleanly", { error });
      code = 1;
    }
    await log.flush();
    process.exit(code);
  }

  function stop(reason: string, exitCode = 0): Promise<void> {
    stopping ??= run(reason, exitCode);
    return stopping;
  }

  const onSignal = (name: NodeJS.Signals) => {
    if (stopping !== undefined) process.exit(130);
    void stop(name);
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  return { signal: controller.signal, stop };
}

/** Says on stderr, in plain words, why the process cannot start, and ends it. */
export function failStart(error: unknown): never {
  const known = error instanceof Error && ["ConfigError", "StartError"].includes(error.name);
  const text = known
    ? error.message
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

/** A start that cannot go on for a reason the user can mend; its message stands alone. */
export class StartError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "StartError";
  }
}
