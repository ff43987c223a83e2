import type { Connector } from "./mount.ts";
import { MountError } from "./mount-error.ts";

/** Stands for a kind of mount that the file may name and this version cannot run. */
export const unsupportedConnector = (what: string): Connector => ({
  lastKnown: () => undefined,
  connect: () =>
    Promise.reject(
      new MountError(`mounts with "${what}" are not supported by this version of the gateway`, {
        retry: false,
      }),
    ),
});
