import type { FlushableLog } from "#shared/core/lazy-log.ts";
import type { Env } from "#shared/mcp/environment.ts";
import type { Listeners } from "#shared/mcp/listeners.ts";
import { createActions } from "./admin/actions.ts";
import { type AdminApi, createAdminApi } from "./admin/api.ts";
import { openAudit } from "./audit/audit.ts";
import { lazyMetrics } from "./metrics/lazy.ts";
import { loadReader } from "./metrics/load.ts";
import type { MountSet } from "./mounts/mounts.ts";
import type { Pins } from "./pins/pins.ts";
import type { Guard } from "./policy/guard.ts";
import { Rules } from "./rules.ts";
import type { GatewaySettings } from "./settings/spec.ts";
import { openSpans } from "./spans/open.ts";

/** What the environment gives beside the settings, and must not be shown. */
export interface Secrets {
  pepper?: string | undefined;
  redisUrl?: string | undefined;
  auditKey?: string | undefined;
}

export interface OperationsOptions {
  settings: GatewaySettings;
  env: Env;
  secrets: Secrets;
  /** Who the gateway is in spans. */
  service: { name: string; version: string };
  log: FlushableLog;
  /** Whether only this machine reaches the gateway with these settings. */
  isLocal(settings: GatewaySettings): boolean;
  set: MountSet;
  guard: Guard;
  pins: Pins | undefined;
  listeners: Listeners;
  stopping: AbortSignal;
}

export interface Operations {
  rules: Rules;
  admin: AdminApi;
  /** After the last call: writes what is not written yet. */
  close(): Promise<void>;
}

/** What is done with each call beside passing it on, and what operators have. Rejects with a StartError. */
export async function openOperations(options: OperationsOptions): Promise<Operations> {
  const { settings, env, secrets, service, log, isLocal, set, guard, stopping } = options;
  const { activity } = guard;
  const { pins, listeners } = options;
  const { pepper, redisUrl, auditKey } = secrets;
  const audit =
    settings.audit && (await openAudit({ settings: settings.audit, key: auditKey, activity, log }));
  const spans = await openSpans(env, service);
  const rules = await Rules.create(
    {
      guard,
      log,
      isLocal,
      pepper,
      redisUrl,
      auditCheck: audit?.check,
      startSpan: spans?.startSpan,
    },
    settings,
  );
  const sources = { activity, mounts: () => set.all, pins };
  const admin = createAdminApi({
    ...sources,
    actions: createActions(set, pins, activity),
    metrics: lazyMetrics({ ...sources, listeners }),
    load: loadReader(activity),
    stopping,
  });
  return {
    rules,
    admin,
    close: async () => {
      await rules.close();
      await audit?.close();
      await spans?.close();
    },
  };
}
