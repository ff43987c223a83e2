import { isServing, type Mount } from "../mounts/mount.ts";

export interface Readiness {
  status: "ready" | "starting" | "unavailable" | "stopping";
  /** How many servers it waits for. */
  waiting?: number;
  /** Which, for operators. */
  waitingFor?: string[];
}

/** Ready once every mount has been ready or has failed, while all that are required are ready, and until it is told to stop. */
export function readiness(
  mounts: readonly Mount[],
  stopping: boolean,
  isOperator: boolean,
): Readiness {
  if (stopping) return { status: "stopping" };
  const report = (status: Readiness["status"], waiting: readonly Mount[]) => ({
    status,
    waiting: waiting.length,
    ...(isOperator && { waitingFor: waiting.map(({ name }) => name) }),
  });
  const starting = mounts.filter(({ status }) => status.state === "starting");
  if (starting.length > 0) return report("starting", starting);
  const missing = mounts.filter(({ required, status }) => required && !isServing(status));
  return missing.length > 0 ? report("unavailable", missing) : { status: "ready" };
}
