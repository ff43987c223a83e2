import type { Log } from "#shared/core/contract.ts";
import { connectForeign } from "../foreign/connect.ts";
import type { ClientFacts } from "../foreign/facts.ts";
import type { Connector } from "../mounts/mount.ts";
import { MountError } from "../mounts/mount-error.ts";
import type { RemoteSpec } from "../settings/spec.ts";

/** Reaches a server over HTTP, by connections of its own. */
export function remoteConnector(spec: RemoteSpec, log: Log, client: ClientFacts): Connector {
  return {
    lastKnown: () => undefined,
    connect: async ({ signal, onEvent, onGone, onDoubt }) => {
      // half of all the code there is: loaded when a server is remote
      const { httpWire } = await import("../foreign/http-wire.ts");
      const wire = httpWire({ url: new URL(spec.url), headers: spec.headers, onDoubt, onGone });
      const hasCredentials = spec.credentials.length > 0;
      const options = {
        name: spec.name,
        wire,
        client,
        log,
        signal,
        onEvent,
        onDoubt,
        hasCredentials,
        listTimeoutMs: spec.startTimeoutMs,
      };
      try {
        return await connectForeign({ ...options, knownLegacy: false });
      } catch (error) {
        await wire.close();
        throw error instanceof MountError ? error : new MountError(whyNot(error, spec.url));
      }
    },
  };
}

/** The reason beneath what callers are told. */
function whyNot(error: unknown, url: string): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  return `${new URL(url).origin} cannot be reached: ${code}`;
}
