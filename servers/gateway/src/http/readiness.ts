import { isServing, type Mount } from "../mounts/mount.ts";

export interface Readiness {
  status: "ready" | "starting" | "unavailable" | "stopping";
  /** Servers that it waits for. */
  waitingFor?: string[];
}

/** Ready once every mount has been ready or has failed, while all that are required are ready, and until it is told to stop. */
export function readiness(mounts: readonly Mount[], stopping: boolean): Readiness {
  if (stopping) return { status: "stopping" };
  const waiting = (pick: (mount: Mount) => boolean) => mounts.filter(pick).map(({ name }) => name);
  const starting = waiting(({ status }) => status.state === "starting");
  if (starting.length > 0) return { status: "starting", waitingFor: starting };
  const missing = waiting(({ required, status }) => required && !isServing(status));
  return missing.length > 0 ? { status: "unavailable", waitingFor: missing } : { status: "ready" };
}
