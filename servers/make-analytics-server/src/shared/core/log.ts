// Copied from shared/core/log.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { Log } from "./contract.ts";
import { createLazyLog, type FlushableLog, type LogOptions } from "./lazy-log.ts";

/** JSON lines on stderr, by pino. */
export const createLog = (options: LogOptions): FlushableLog =>
  createLazyLog(options, () => import("./logger.ts"));

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
