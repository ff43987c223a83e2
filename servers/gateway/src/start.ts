import { setTimeout } from "node:timers/promises";
import type { ServerEvent } from "#shared/core/contract.ts";
import type { Manifest } from "#shared/core/definition.ts";
import type { FlushableLog } from "#shared/core/lazy-log.ts";
import { DRAIN_MS } from "#shared/core/lifecycle.ts";
import type { Env } from "#shared/mcp/environment.ts";
import { type HttpServer, listen } from "#shared/mcp/http-server.ts";
import { Listeners } from "#shared/mcp/listeners.ts";
import { connectionSender } from "./access/address.ts";
import { Activity } from "./activity/activity.ts";
import { openAsking } from "./asking/open.ts";
import { Audience } from "./audience.ts";
import type { Reach } from "./binding.ts";
import { createRoutes } from "./http/routes.ts";
import { shareOf } from "./limits/listeners.ts";
import { limitsOf } from "./limits/open.ts";
import type { Backoff } from "./mounts/backoff.ts";
import type { Mount } from "./mounts/mount.ts";
import { type Changes, MountSet } from "./mounts/mounts.ts";
import { openOperations, type Secrets } from "./operations.ts";
import { openPins } from "./pins/open.ts";
import { Guard } from "./policy/guard.ts";
import { createReporter, welcome } from "./report.ts";
import { checkUnfixed } from "./settings/fixed.ts";
import type { GatewaySettings } from "./settings/spec.ts";

export interface StartOptions {
  manifest: Manifest;
  settings: GatewaySettings;
  env: Env;
  log: FlushableLog;
  host: string;
  port: number;
  /** Who reaches it with these settings. */
  reach(settings: GatewaySettings): Reach;
  /** Ask clients of 2025 on the streams of their calls. */
  askOverHttp: boolean;
  secrets: Secrets;
  /** Milliseconds that calls are still taken after `close`. */
  leaveMs: number;
  /** Takes what a person should read. */
  print(text: string): void;
  backoff?: Backoff;
}

export interface Gateway {
  readonly url: string;
  readonly mounts: readonly Mount[];
  /** Makes it what these settings say: only what differs is touched. */
  apply(settings: GatewaySettings): Changes;
  /** Not ready from now on; takes calls for `leaveMs`, finishes those in flight, then closes the mounts. */
  close(): Promise<void>;
}

/** Listens, then opens the mounts beside each other. Throws a StartError when it cannot listen. */
export async function startGateway(options: StartOptions): Promise<Gateway> {
  const { manifest, log, print, secrets } = options;
  const stopping = new AbortController();
  const report = createReporter(print);
  let { settings } = options;
  const isLocal = (now: GatewaySettings) => options.reach(now).isLocal;
  // one object, which each request is checked by: a reload changes what it says
  const policy = options.reach(settings).policy;
  let base = "";
  const { name, version } = manifest;
  const activity = new Activity();
  const guard = new Guard(activity);
  const set = new MountSet({
    ...options,
    specs: settings.mounts,
    client: { name, version },
    listener: {
      onStatus: (mount) => {
        const { state, reason } = mount.status;
        activity.mountIs(mount.name, state, reason);
        pins?.observe(mount);
        report(mount, base);
      },
      onEvent: (mount, event) => publish(mount, event),
    },
  });
  const mounts = () => set.all;
  const pins = openPins({
    settings,
    set,
    activity,
    log,
    onChange: (mount, event) => publish(mount, event),
  });
  const asking = options.askOverHttp ? await openAsking(secrets.redisUrl, log) : undefined;
  const listeners = new Listeners(shareOf(() => limitsOf(settings, isLocal(settings))));
  const audience = new Audience({
    manifest,
    mounts,
    log,
    push: asking?.push,
    listeners,
    guard,
    pins,
  });
  audience.sync(settings.profiles);
  const publish = (mount: Mount, event: ServerEvent) => {
    pins?.observe(mount);
    audience.publish(mount, event);
  };
  const { rules, admin, ...operations } = await openOperations({
    ...options,
    isLocal,
    service: { name, version },
    set,
    guard,
    pins,
    listeners,
    stopping: stopping.signal,
  });

  const http = await listen({
    ...options,
    policy,
    handle: createRoutes({
      about: { name, title: manifest.flotilla.title, version, description: manifest.description },
      mounts,
      audience,
      gatekeeper: () => rules.gatekeeper,
      activity,
      admin,
      settings: () => settings,
      stopping: stopping.signal,
    }),
    senderOf: connectionSender(() => settings.trustedProxies),
    onError: (error) => log.error("A request failed", { error }),
  });
  base = urlOf(options.host, http);
  const warn = ({ warnings = [] }: GatewaySettings) => {
    for (const warning of warnings) log.warn(warning);
  };
  const names = set.all.map((mount) => mount.name);
  print(`${welcome(base, version, names, settings)}\n`);
  warn(settings);
  set.start();
  return {
    url: base,
    get mounts() {
      return set.all;
    },
    apply: (next) => {
      checkUnfixed(settings, next);
      rules.apply(next);
      Object.assign(policy, options.reach(next).policy);
      const changes = set.apply(next.mounts);
      settings = next;
      warn(next);
      audience.sync(next.profiles);
      for (const removed of changes.removed) {
        activity.forget(removed);
        pins?.forget(removed);
      }
      activity.happened({ kind: "config.reload", ...changes });
      return changes;
    },
    close: async () => {
      stopping.abort();
      const closed = http.close(DRAIN_MS, options.leaveMs);
      await audience.endStreams();
      await setTimeout(options.leaveMs);
      // those that were opened since
      await audience.endStreams();
      await closed;
      await audience.close();
      await set.close();
      pins?.close();
      await operations.close();
      asking?.close();
    },
  };
}

function urlOf(host: string, { address }: HttpServer): string {
  const anywhere = host === "0.0.0.0" || host === "::";
  const shown = anywhere ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return `http://${shown}:${address.port}`;
}
