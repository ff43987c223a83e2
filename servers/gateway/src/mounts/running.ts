import type { Log, ServerEvent } from "#shared/core/contract.ts";
import { CallsInFlight } from "./calls.ts";
import { type Catalogue, takeCatalogue } from "./catalogue.ts";
import { closeQuietly, connectWithin } from "./connect-within.ts";
import { inTime } from "./in-time.ts";
import type { Connection, Connector } from "./mount.ts";
import { runInScope, type Scope } from "./scope.ts";

/** A connection, and what belongs to it alone: what an earlier one still does concerns nobody. */
export interface Running extends Connection {
  scope: Scope;
  calls: CallsInFlight;
  since: number;
}

export interface OpenOptions {
  mount: string;
  connector: Connector;
  limitMs: number;
  /** Aborted when this attempt is not wanted any longer. */
  signal: AbortSignal;
  now(): Date;
  onEvent(running: Running, event: ServerEvent): void;
  onGone(running: Running, error: unknown): void;
  onDoubt(running: Running, reason: string): void;
}

/** Opens a server. What it leaves uncaught, or its end, before that is why it does not open. */
export async function openServer(options: OpenOptions): Promise<Running> {
  const { mount, connector, limitMs, signal, now } = options;
  const early = new AbortController();
  let running: Running | undefined;
  const gone = (error: unknown) => {
    early.abort(error);
    if (running) options.onGone(running, error);
  };
  const scope: Scope = { mount, crash: gone };
  const connection = await connectWithin(connector, scope, {
    limitMs,
    signal: AbortSignal.any([signal, early.signal]),
    onEvent: (event) => running && options.onEvent(running, event),
    onGone: gone,
    onDoubt: (reason) => running && options.onDoubt(running, reason),
  });
  running = { ...connection, scope, calls: new CallsInFlight(), since: now().getTime() };
  if (early.signal.aborted) options.onGone(running, early.signal.reason);
  return running;
}

/** What it shows. */
export const listsOfRunning = ({ scope, module, instance }: Running): Catalogue =>
  runInScope(scope, () => takeCatalogue(module, instance));

/** Lets the calls in flight end, then closes it. */
export async function retire(running: Running, drainMs: number, log: Log, mount: string) {
  await inTime(running.calls.idle(), drainMs, () => {});
  running.calls.endAll();
  await closeQuietly(running, log, mount);
}

/** Milliseconds that a server may take to give a sign of life. */
export const PING_MS = 5_000;

/** Whether it answers at all. Without a way to ask it, it is taken to. */
export async function givesSign({ ping, scope }: Running, limitMs = PING_MS): Promise<boolean> {
  if (!ping) return true;
  const asked = runInScope(scope, ping).then(
    () => true,
    () => false,
  );
  return inTime(asked, limitMs, () => false);
}
