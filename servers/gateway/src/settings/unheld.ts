import { StartError } from "#shared/core/lifecycle.ts";
import type { GatewaySettings } from "./spec.ts";

type Named = GatewaySettings & { keys: string | undefined };

/** What only the HTTP entry can hold, which knows who asks and from where. */
const OF_HTTP: Record<string, (settings: Named) => boolean> = {
  "gateway.access": ({ access }) => access !== undefined,
  GATEWAY_KEYS: ({ keys }) => keys !== undefined,
  "gateway.limits": ({ limits }) => Boolean(limits),
  "gateway.allowedOrigins": ({ allowedOrigins }) => allowedOrigins.length > 0,
  "gateway.trustedProxies": ({ trustedProxies }) => trustedProxies.length > 0,
};

/** For a handler that knows nothing of who asks. Throws a StartError that names what would not hold there. */
export function checkHeld(settings: Named): void {
  const unheld = Object.entries(OF_HTTP).filter(([, isSet]) => isSet(settings));
  if (unheld.length > 0)
    throw new StartError(
      unheld
        .map(([key]) => `${key}: does not hold in a handler of requests; start dist/http.js`)
        .join("\n"),
    );
}
