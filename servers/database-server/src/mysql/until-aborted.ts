import type { Connection } from "mysql2";

/** Milliseconds that the engine has to end what was killed before its connection is cut. */
export const KILL_MS = 2_000;

/** What runs on a connection; once aborted, it is waited for only so long, and the connection is cut. */
export async function untilAborted<T>(
  running: Promise<T>,
  signal: AbortSignal,
  connection: Pick<Connection, "destroy">,
): Promise<T> {
  let cut: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  const gone = new Promise<never>((_, reject) => {
    onAbort = () => {
      cut = setTimeout(() => {
        connection.destroy();
        reject(signal.reason);
      }, KILL_MS);
    };
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([running, gone]);
  } finally {
    clearTimeout(cut);
    // the connection is another call's from now on, and the signal may still be aborted by its time
    signal.removeEventListener("abort", onAbort);
  }
}
