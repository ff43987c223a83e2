import type { ServerEvent } from "#shared/core/contract.ts";
import type { Manifest } from "#shared/core/definition.ts";
import { DRAIN_MS } from "#shared/core/lifecycle.ts";
import type { FlushableLog } from "#shared/core/log.ts";
import { createEndpoint, type Endpoint } from "#shared/mcp/endpoint.ts";
import type { Env } from "#shared/mcp/environment.ts";
import type { AccessPolicy } from "#shared/mcp/guards.ts";
import { type HttpServer, listen } from "#shared/mcp/http-server.ts";
import { aggregateEvent } from "./aggregate/events.ts";
import { aggregateInstance } from "./aggregate/instance.ts";
import { aggregateModule } from "./aggregate/module.ts";
import { createRoutes } from "./http/routes.ts";
import type { Backoff } from "./mounts/backoff.ts";
import type { Mount } from "./mounts/mount.ts";
import { createMounts } from "./mounts/mounts.ts";
import { createReporter, welcome } from "./report.ts";
import type { MountSpec } from "./settings/spec.ts";

export interface StartOptions {
  manifest: Manifest;
  specs: readonly MountSpec[];
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
  /** Not ready from now on; finishes calls in flight, then closes the mounts. */
  close(): Promise<void>;
}

/** Listens, then opens the mounts beside each other. Throws a StartError when it cannot listen. */
export async function startGateway(options: StartOptions): Promise<Gateway> {
  const { manifest, log, print } = options;
  const endpoints = new Map<string, Endpoint>();
  const stopping = new AbortController();
  const report = createReporter(print);
  let base = "";
  const mounts = createMounts({
    ...options,
    listener: {
      onStatus: (mount) => report(mount, base),
      onEvent: (mount, event) => publish(mount, event),
    },
  });
  const aggregate = createAggregate(manifest, mounts, log);
  const publish = (mount: Mount, event: ServerEvent) => {
    endpoints.get(mount.name)?.publish(event);
    aggregate.publish(aggregateEvent(mount.name, event));
  };
  for (const mount of mounts)
    endpoints.set(mount.name, createEndpoint(mount.module, mount.instance, log));

  const about = { name: manifest.name, title: manifest.flotilla.title, version: manifest.version };
  const http = await listen({
    ...options,
    handle: createRoutes({ about, mounts, endpoints, aggregate, stopping: stopping.signal }),
    onError: (error) => log.error("A request failed", { error }),
  });
  base = urlOf(options.host, http);
  print(
    `${welcome(
      base,
      manifest.version,
      mounts.map(({ name }) => name),
    )}\n`,
  );
  log.info("listening", { url: `${base}/mcp`, mounts: mounts.length });
  for (const mount of mounts) mount.start();
  return {
    url: base,
    mounts,
    close: async () => {
      stopping.abort();
      const all = [aggregate, ...endpoints.values()];
      await Promise.all(all.map((endpoint) => endpoint.endStreams()));
      await http.close(DRAIN_MS);
      await Promise.all(all.map((endpoint) => endpoint.close()));
      await Promise.all(mounts.map((mount) => mount.close()));
    },
  };
}

function createAggregate(
  manifest: Manifest,
  mounts: readonly Mount[],
  log: FlushableLog,
): Endpoint {
  const now = () => new Date();
  const { name, version } = manifest;
  const instance = aggregateInstance(mounts, { name, version, startedAt: Date.now(), now });
  const module = aggregateModule(
    manifest,
    () => mounts,
    () => Promise.resolve(instance),
  );
  return createEndpoint(module, instance, log);
}

function urlOf(host: string, { address }: HttpServer): string {
  const anywhere = host === "0.0.0.0" || host === "::";
  const shown = anywhere ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return `http://${shown}:${address.port}`;
}
