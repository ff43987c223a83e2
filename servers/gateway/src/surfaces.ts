import type { Instance, Log, ServerEvent, ServerModule } from "#shared/core/contract.ts";
import type { Manifest } from "#shared/core/definition.ts";
import { DRAIN_MS } from "#shared/core/lifecycle.ts";
import { createEndpoint, type Endpoint } from "#shared/mcp/endpoint.ts";
import type { Listeners } from "#shared/mcp/listeners.ts";
import type { Push } from "#shared/mcp/push.ts";
import { aggregateEvent } from "./aggregate/events.ts";
import { aggregateInstance } from "./aggregate/instance.ts";
import { aggregateModule } from "./aggregate/module.ts";
import type { Mount } from "./mounts/mount.ts";
import type { MountView } from "./policy/mount-view.ts";
import { mayRead, maySee, type Viewer } from "./policy/policy.ts";
import { type ViewsOptions, viewsOf } from "./policy/views.ts";
import { searchInstance } from "./search/instance.ts";
import type { ProfileSpec } from "./settings/spec.ts";

export interface SurfacesOptions extends ViewsOptions {
  manifest: Manifest;
  log: Log;
  /** Whose surfaces they are; a profile of theirs is narrower. */
  viewer: Viewer;
  /** Asks clients of 2025 on the streams of their calls; absent: they are not asked. */
  push: Push | undefined;
  /** Places of all who listen for changes. */
  listeners: Listeners;
}

interface View {
  viewer: Viewer;
  endpoint: Endpoint;
}

/** All that a viewer has: an MCP address for each server, one for all, one a profile, and REST. */
export class Surfaces {
  readonly aggregate: Endpoint;
  /** The servers as REST and the documents show them. */
  readonly rest: () => readonly MountView[];
  readonly #options: SurfacesOptions;
  readonly #mcp: () => readonly MountView[];
  readonly #servers = new Map<MountView, Endpoint>();
  readonly #profiles = new Map<string, View & { spec: string }>();

  constructor(options: SurfacesOptions) {
    this.#options = options;
    this.rest = viewsOf(options, options.viewer, "rest");
    this.#mcp = viewsOf(options, options.viewer, "mcp");
    this.aggregate = this.#joined(options.viewer);
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
    const mounted = this.#mcp();
    for (const mount of mounted)
      if (!this.#servers.has(mount))
        this.#servers.set(mount, this.#endpoint(mount.module, mount.instance));
    for (const [mount, endpoint] of this.#servers) {
      if (mounted.includes(mount)) continue;
      this.#servers.delete(mount);
      retire(endpoint);
    }
    const wanted = new Map(profiles.map((profile) => [profile.name, JSON.stringify(profile)]));
    for (const [name, { spec, endpoint }] of this.#profiles) {
      if (wanted.get(name) === spec) continue;
      this.#profiles.delete(name);
      retire(endpoint);
    }
    for (const profile of profiles) {
      if (this.#profiles.has(profile.name)) continue;
      const viewer = { ...this.#options.viewer, profile };
      const spec = JSON.stringify(profile);
      this.#profiles.set(profile.name, { viewer, endpoint: this.#joined(viewer), spec });
    }
  }

  publish(mount: Mount, event: ServerEvent): void {
    const { viewer: own } = this.#options;
    if (!maySee(own, mount)) return;
    if (event.kind === "resource_updated" && !mayRead(own, mount)) return;
    for (const [view, endpoint] of this.#servers)
      if (view.name === mount.name) endpoint.publish(event);
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

  /** Nobody comes here any longer. */
  retire(): void {
    for (const endpoint of this.#all()) retire(endpoint);
  }

  #all(): Endpoint[] {
    const profiles = [...this.#profiles.values()].map(({ endpoint }) => endpoint);
    return [this.aggregate, ...this.#servers.values(), ...profiles];
  }

  #joined(viewer: Viewer): Endpoint {
    const { manifest } = this.#options;
    const { name, version } = manifest;
    const identity = { name, version, startedAt: Date.now(), now: () => new Date() };
    const mounts = viewsOf(this.#options, viewer, "aggregate");
    const whole = aggregateInstance(mounts, identity);
    const instance = viewer.profile?.search ? searchInstance(whole) : whole;
    const open = (): Promise<Instance> => Promise.resolve(instance);
    const scope = viewer.grants ? "private" : "public";
    return this.#endpoint(aggregateModule(manifest, mounts, open, scope), instance);
  }

  #endpoint(module: ServerModule, instance: Instance): Endpoint {
    const { log, push, listeners } = this.#options;
    return createEndpoint(module, instance, log, { push, listeners });
  }
}

/** Listeners are told at once; calls in flight get their time. */
function retire(endpoint: Endpoint): void {
  void endpoint.endStreams();
  setTimeout(() => void endpoint.close(), DRAIN_MS).unref();
}
