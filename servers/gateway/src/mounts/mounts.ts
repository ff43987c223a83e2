import type { Log } from "#shared/core/contract.ts";
import type { Env } from "#shared/mcp/environment.ts";
import type { MountSpec } from "../settings/spec.ts";
import { type Backoff, fullJitter } from "./backoff.ts";
import type { Connector, Mount, MountListener } from "./mount.ts";
import { packageConnector } from "./package.ts";
import { Supervisor } from "./supervisor.ts";
import { unsupportedConnector } from "./unsupported.ts";

export interface MountsOptions {
  specs: readonly MountSpec[];
  env: Env;
  log: Log;
  listener: MountListener;
  backoff?: Backoff;
}

function connectorOf(spec: MountSpec, env: Env): Connector {
  switch (spec.kind) {
    case "package":
      return packageConnector(spec, env);
    case "process":
      return unsupportedConnector("command");
    case "remote":
      return unsupportedConnector("url");
  }
}

/** The mounts, in the order of their names; none is started yet. */
export function createMounts({
  specs,
  env,
  log,
  listener,
  backoff = fullJitter(),
}: MountsOptions): Mount[] {
  return [...specs]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((spec) => {
      const { name, required, startTimeoutMs } = spec;
      const connector = connectorOf(spec, env);
      return new Supervisor({ name, required, startTimeoutMs, connector, backoff, listener, log });
    });
}

/** Milliseconds that a first request waits for servers that are still starting, so that lists are whole. */
export const HOLD_MS = 2_000;

/** Resolves when all have been ready, or have failed, once; or when it is no use to wait any longer. */
export async function settledWithin(mounts: readonly Mount[], limitMs: number): Promise<void> {
  if (mounts.every(({ status }) => status.state !== "starting")) return;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([Promise.all(mounts.map(({ settled }) => settled)), limit]);
  clearTimeout(timer);
}
