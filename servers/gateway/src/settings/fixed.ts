import { isDeepStrictEqual } from "node:util";
import { StartError } from "#shared/core/lifecycle.ts";
import type { GatewaySettings } from "./spec.ts";

/** What is opened at the start, and stays as it is: by key of the gateway.json. */
const FIXED: Record<string, (settings: GatewaySettings) => unknown> = {
  "gateway.audit": ({ audit }) => audit,
  "gateway.pins": ({ pins }) => pins,
  "gateway.limits.replicas": ({ limits }) => (limits ? limits.replicas : 1),
};

/** Throws a StartError that names what a reload would have to change and cannot: else it would seem to hold. */
export function checkUnfixed(before: GatewaySettings, next: GatewaySettings): void {
  const changed = Object.entries(FIXED).filter(
    ([, read]) => !isDeepStrictEqual(read(before), read(next)),
  );
  if (changed.length > 0)
    throw new StartError(
      changed.map(([key]) => `${key}: is read at the start; restart the gateway for it`).join("\n"),
    );
}
