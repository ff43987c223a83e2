import type { Instance, Log, ServerEvent } from "#shared/core/contract.ts";
import type { Manifest } from "#shared/core/definition.ts";
import { DRAIN_MS } from "#shared/core/lifecycle.ts";
import { createEndpoint, type Endpoint } from "#shared/mcp/endpoint.ts";
import { aggregateEvent } from "./aggregate/events.ts";
import { aggregateInstance } from "./aggregate/instance.ts";
import { aggregateModule } from "./aggregate/module.ts";
import type { Mount } from "./mounts/mount.ts";
import { maySee, type Viewer } from "./policy/policy.ts";
import { searchInstance } from "./search/instance.ts";
import type { ProfileSpec } from "./settings/spec.ts";

export interface SurfacesOptions {
  manifest: Manifest;
  mounts: () => readonly Mount[];
  log: Log;
}

interface View {
  viewer: Viewer;
  endpoint: Endpoint;
}

/** Every MCP address: one a server, one for all, one a profile. Which there are follows the settings. */
export class Surfaces {
  readonly aggregate: Endpoint;
  readonly #options: SurfacesOptions;
  readonly #servers = new Map<Mount, Endpoint>();
  readonly #profiles = new Map<string, View & { spec: string }>();

  constructor(options: SurfacesOptions) {
    this.#options = options;
    this.aggregate = this.#view({});
    this.sync([]);
  }

  server(name: string): Endpoint | undefined {
    for (const [mount, endpoint] of this.#servers) if (mount.name === name) return endpoint;
    return undefined;
  }

  profile(name: string): Endpoint | undefined {
    return this.#profiles.get(name)?.endpoint;
  }

  /** Follows what is mounted now, and these profiles; what stayed the same keeps its listeners. */
  sync(profiles: readonly ProfileSpec[]): void {
    const { log, mounts } = this.#options;
    const mounted = mounts();
    for (const mount of mounted)
      if (!this.#servers.has(mount))
        this.#servers.set(mount, createEndpoint(mount.module, mount.instance, log));
    for (const [mount, endpoint] of this.#servers) {
      if (mounted.includes(mount)) continue;
      this.#servers.delete(mount);
      this.#retire(endpoint);
    }
    const wanted = new Map(profiles.map((profile) => [profile.name, JSON.stringify(profile)]));
    for (const [name, { spec, endpoint }] of this.#profiles) {
      if (wanted.get(name) === spec) continue;
      this.#profiles.delete(name);
      this.#retire(endpoint);
    }
    for (const profile of profiles) {
      if (this.#profiles.has(profile.name)) continue;
      const viewer = { profile };
      const spec = JSON.stringify(profile);
      this.#profiles.set(profile.name, { viewer, endpoint: this.#view(viewer), spec });
    }
  }

  publish(mount: Mount, event: ServerEvent): void {
    this.#servers.get(mount)?.publish(event);
    const joined = aggregateEvent(mount.prefix, event);
    this.aggregate.publish(joined);
    for (const { viewer, endpoint } of this.#profiles.values())
      if (maySee(viewer, mount)) endpoint.publish(joined);
  }

  async endStreams(): Promise<void> {
    await Promise.all(this.#all().map((endpoint) => endpoint.endStreams()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#all().map((endpoint) => endpoint.close()));
  }

  #all(): Endpoint[] {
    const profiles = [...this.#profiles.values()].map(({ endpoint }) => endpoint);
    return [this.aggregate, ...this.#servers.values(), ...profiles];
  }

  /** Listeners are told at once; calls in flight get their time. */
  #retire(endpoint: Endpoint): void {
    void endpoint.endStreams();
    setTimeout(() => void endpoint.close(), DRAIN_MS).unref();
  }

  #view(viewer: Viewer): Endpoint {
    const { manifest, mounts, log } = this.#options;
    const { name, version } = manifest;
    const identity = { name, version, startedAt: Date.now(), now: () => new Date() };
    const whole = aggregateInstance(mounts, identity, viewer);
    const instance = viewer.profile?.search ? searchInstance(whole) : whole;
    const visible = () => mounts().filter((mount) => maySee(viewer, mount));
    const open = (): Promise<Instance> => Promise.resolve(instance);
    return createEndpoint(aggregateModule(manifest, visible, open), instance, log);
  }
}
