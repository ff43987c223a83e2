import type { ServerEvent } from "#shared/core/contract.ts";
import type { Manifest } from "#shared/core/definition.ts";
import type { FlushableLog } from "#shared/core/lazy-log.ts";
import { DRAIN_MS } from "#shared/core/lifecycle.ts";
import type { Env } from "#shared/mcp/environment.ts";
import type { AccessPolicy } from "#shared/mcp/guards.ts";
import { type HttpServer, listen } from "#shared/mcp/http-server.ts";
import { createRoutes } from "./http/routes.ts";
import type { Backoff } from "./mounts/backoff.ts";
import type { Mount } from "./mounts/mount.ts";
import { type Changes, MountSet } from "./mounts/mounts.ts";
import { createReporter, welcome } from "./report.ts";
import type { GatewaySettings } from "./settings/spec.ts";
import { Surfaces } from "./surfaces.ts";

export interface StartOptions {
  manifest: Manifest;
  settings: GatewaySettings;
  env: Env;
  log: FlushableLog;
  host: string;
  port: number;
  policy: AccessPolicy;
  /** Takes what a person should read. */
  print(text: string): void;
  backoff?: Backoff;
}

export interface Gateway {
  readonly url: string;
  readonly mounts: readonly Mount[];
  /** Makes it what these settings say: only what differs is touched. */
  apply(settings: GatewaySettings): Changes;
  /** Not ready from now on; finishes calls in flight, then closes the mounts. */
  close(): Promise<void>;
}

/** Listens, then opens the mounts beside each other. Throws a StartError when it cannot listen. */
export async function startGateway(options: StartOptions): Promise<Gateway> {
  const { manifest, log, print } = options;
  const stopping = new AbortController();
  const report = createReporter(print);
  let { settings } = options;
  let base = "";
  const { name, version } = manifest;
  const set = new MountSet({
    ...options,
    specs: settings.mounts,
    client: { name, version },
    listener: {
      onStatus: (mount) => report(mount, base),
      onEvent: (mount, event) => publish(mount, event),
    },
  });
  const mounts = () => set.all;
  const surfaces = new Surfaces({ manifest, mounts, log });
  surfaces.sync(settings.profiles);
  const publish = (mount: Mount, event: ServerEvent) => surfaces.publish(mount, event);

  const http = await listen({
    ...options,
    handle: createRoutes({
      about: { name, title: manifest.flotilla.title, version, description: manifest.description },
      mounts,
      surfaces,
      settings: () => settings,
      stopping: stopping.signal,
    }),
    onError: (error) => log.error("A request failed", { error }),
  });
  base = urlOf(options.host, http);
  const names = set.all.map((mount) => mount.name);
  print(`${welcome(base, version, names, settings.docs)}\n`);
  set.start();
  return {
    url: base,
    get mounts() {
      return set.all;
    },
    apply: (next) => {
      const changes = set.apply(next.mounts);
      settings = next;
      surfaces.sync(next.profiles);
      return changes;
    },
    close: async () => {
      stopping.abort();
      await surfaces.endStreams();
      await http.close(DRAIN_MS);
      await surfaces.close();
      await set.close();
    },
  };
}

function urlOf(host: string, { address }: HttpServer): string {
  const anywhere = host === "0.0.0.0" || host === "::";
  const shown = anywhere ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return `http://${shown}:${address.port}`;
}
