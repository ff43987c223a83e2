import type { MountSpec } from "../settings/spec.ts";
import { serverFile } from "./package.ts";
import { stampOf } from "./stamp.ts";

/**
 * Differs when a server has to be opened anew: by its settings, or by its code where a new process or
 * thread gets the new code and nothing of the old stays.
 */
export function markOf(spec: MountSpec): string {
  const code =
    spec.kind === "package" && spec.isolation !== "inprocess" ? stampOf(serverFile(spec)) : "";
  return JSON.stringify([spec, code]);
}
