import { AsyncLocalStorage } from "node:async_hooks";
import type { Log } from "#shared/core/contract.ts";

/** Code of one mount that is running: what it leaves uncaught is that mount's failure. */
export interface Scope {
  readonly mount: string;
  crash(error: unknown): void;
}

const scopes = new AsyncLocalStorage<Scope>();

/** Going into a scope that is kept costs less than to make one, and every call goes into one. */
const entrances = new WeakMap<Scope, <T>(work: () => T) => T>();

/** Runs code of a mount, so that what it throws later, in timers and callbacks, can be told to be its own. */
export function runInScope<T>(scope: Scope, work: () => T): T {
  const known = entrances.get(scope);
  if (known) return known(work);
  const made = scopes.run(scope, () => AsyncLocalStorage.snapshot());
  entrances.set(scope, made);
  return made(work);
}

/**
 * Decides who pays for what nobody caught: the mount whose code it was, which is restarted, or, when
 * none can be named, the process, because nothing tells what state it is in. Returns how to stop.
 */
export function watchCrashes(log: Log, onUnattributed: (error: unknown) => void): () => void {
  const onCrash = (kind: string) => (error: unknown) => {
    const scope = scopes.getStore();
    log.error(kind, { mount: scope?.mount, error });
    if (scope) scope.crash(error);
    else onUnattributed(error);
  };
  const onException = onCrash("An exception was not caught");
  const onRejection = onCrash("A rejection was not handled");
  process.on("uncaughtException", onException);
  process.on("unhandledRejection", onRejection);
  return () => {
    process.off("uncaughtException", onException);
    process.off("unhandledRejection", onRejection);
  };
}
