import { CONTRACT_VERSION, type Instance, type ServerModule } from "#shared/core/contract.ts";
import { MountError } from "./mount-error.ts";

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** The server that a module exports, by its shape: `instanceof` does not hold across copies of the shared code. */
export function serverOf(exported: unknown): ServerModule {
  const server = isRecord(exported) ? (exported.server ?? exported.default) : undefined;
  if (!isRecord(server) || !("contract" in server))
    throw new MountError(
      "dist/server.js exports no server: it needs `export const server = defineServer(...)`",
    );
  if (server.contract !== CONTRACT_VERSION) {
    throw new MountError(
      `it speaks contract ${String(server.contract)} and this gateway contract ${CONTRACT_VERSION}: bring the older of the two up to date and build it again`,
    );
  }
  if (typeof server.open !== "function")
    throw new MountError("dist/server.js exports a server that cannot be opened: it has no open()");
  return server as unknown as ServerModule;
}

const METHODS = ["call", "read", "get", "complete", "subscribe", "unsubscribe", "health", "close"];

/** What `open` resolved with, by its shape. */
export function instanceOf(opened: unknown): Instance {
  if (!isRecord(opened)) throw new MountError("its open() resolves with no instance");
  const missing = METHODS.filter((method) => typeof opened[method] !== "function");
  if (missing.length > 0) throw new MountError(`its instance has no ${missing.join(", ")}`);
  return opened as unknown as Instance;
}
