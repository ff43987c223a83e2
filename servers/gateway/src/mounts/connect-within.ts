import type { Log } from "#shared/core/contract.ts";
import { inTime } from "./in-time.ts";
import type { Connection, ConnectOptions, Connector } from "./mount.ts";
import { MountError } from "./mount-error.ts";
import { runInScope, type Scope } from "./scope.ts";

interface Limits extends ConnectOptions {
  limitMs: number;
}

/** Connects, or rejects in time. A server that opens after that is closed again: nobody waits for it. */
export async function connectWithin(
  connector: Connector,
  scope: Scope,
  { limitMs, signal, ...events }: Limits,
): Promise<Connection> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const connecting = runInScope(scope, async () =>
    connector.connect({ signal: controller.signal, ...events }),
  );
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    const end = (reason: unknown) => {
      controller.abort(reason);
      reject(reason);
    };
    const onAbort = () => end(signal.reason);
    const timer = setTimeout(
      () => end(new MountError(`it did not open within ${limitMs} ms`)),
      limitMs,
    );
    signal.addEventListener("abort", onAbort, { once: true });
    stop = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    };
  });
  try {
    return await Promise.race([connecting, stopped]);
  } catch (error) {
    // whatever comes of it later, it is given up already
    connecting.then(({ instance }) => runInScope(scope, () => instance.close())).catch(() => {});
    throw error;
  } finally {
    stop();
  }
}

/** Milliseconds that a server may take to close. */
export const CLOSE_TIMEOUT_MS = 4_000;

/** Closes a server that nobody uses any longer; what fails is logged, because nothing depends on it. */
export async function closeQuietly(
  { instance, scope }: Pick<Connection, "instance"> & { scope: Scope },
  log: Log,
  mount: string,
): Promise<void> {
  const closed = runInScope(scope, async () => instance.close());
  try {
    await inTime(closed, CLOSE_TIMEOUT_MS, () => {
      throw new Error(`It did not close within ${CLOSE_TIMEOUT_MS} ms`);
    });
  } catch (error) {
    log.warn("A server did not close cleanly", { mount, error });
  }
}
