// Copied from shared/core/resources.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { HealthReport, Instance, Outcome } from "./contract.ts";
import { type AnyResource, DEFAULT_DEADLINE_MS } from "./definition.ts";
import { invalidParams, type Runtime, resourceNotFound, runHandler } from "./runtime.ts";
import { type UriMatcher, uriMatcher } from "./uri-template.ts";

/** Every server tells how it is under this URI. */
export const HEALTH_URI = "health://status";

export const healthResource = {
  uri: HEALTH_URI,
  name: "health",
  title: "Health",
  description: "State of this server: checks, memory, event-loop delay, calls in flight",
  mimeType: "application/json",
} as const;

/** Open subscriptions that one instance keeps. */
export const MAX_SUBSCRIPTIONS = 1024;

interface Found {
  resource: AnyResource;
  variables: Record<string, string>;
}

type Handlers = Pick<Instance, "read" | "subscribe" | "unsubscribe"> & { stopWatching(): void };

export function resourceHandlers(
  resources: readonly AnyResource[],
  runtime: Runtime,
  health: () => Promise<HealthReport>,
): Handlers {
  const matchers = resources.map((resource): [AnyResource, UriMatcher] => [
    resource,
    "uri" in resource
      ? (uri) => (uri === resource.uri ? {} : undefined)
      : uriMatcher(resource.uriTemplate),
  ]);
  const watched = createWatches(runtime);

  function find(uri: string): Found | undefined {
    for (const [resource, match] of matchers) {
      const variables = match(uri);
      if (variables) return { resource, variables };
    }
    return undefined;
  }

  return {
    read: async (uri, context) => {
      if (uri === HEALTH_URI) {
        return {
          result: {
            contents: [
              { uri, mimeType: healthResource.mimeType, text: JSON.stringify(await health()) },
            ],
          },
        };
      }
      const found = find(uri);
      if (!found) return resourceNotFound(uri, context.era);
      return runHandler(runtime, context, {
        label: `resources/read ${found.resource.name}`,
        subject: ["resource", uri],
        deadlineMs: DEFAULT_DEADLINE_MS,
        run: (handlerContext) => found.resource.read(uri, found.variables, handlerContext),
      });
    },
    subscribe: async (uri) => {
      const found = find(uri);
      return found
        ? watched.add(uri, found.resource)
        : invalidParams(`Resource ${uri} not found`, { uri });
    },
    unsubscribe: async (uri) => watched.remove(uri),
    stopWatching: () => watched.clear(),
  };
}

/** Watches, counted by URI: the last client that leaves ends the watch. */
function createWatches(runtime: Runtime) {
  const watches = new Map<string, { clients: number; stop: () => void }>();
  const done: Outcome<Record<string, unknown>> = { result: {} };

  async function add(
    uri: string,
    resource: AnyResource,
  ): Promise<Outcome<Record<string, unknown>>> {
    const running = watches.get(uri);
    if (running) {
      running.clients++;
      return done;
    }
    if (watches.size >= MAX_SUBSCRIPTIONS)
      return invalidParams(`No more than ${MAX_SUBSCRIPTIONS} subscriptions at once`);
    const watch = { clients: 1, stop: () => {} };
    watches.set(uri, watch);
    try {
      watch.stop =
        (await resource.watch?.(
          uri,
          () => runtime.emit({ kind: "resource_updated", uri }),
          runtime,
        )) ?? watch.stop;
      if (watches.get(uri) !== watch) stop(uri, watch); // unsubscribed while it started
      return done;
    } catch (error) {
      if (watches.get(uri) === watch) watches.delete(uri);
      runtime.log.warn("A resource cannot be watched", { uri, error });
      return invalidParams(`Resource ${uri} cannot be watched`, { uri });
    }
  }

  function remove(uri: string): Outcome<Record<string, unknown>> {
    const watch = watches.get(uri);
    if (watch && --watch.clients <= 0) {
      watches.delete(uri);
      stop(uri, watch);
    }
    return done;
  }

  /** One watch that does not end cleanly must not keep the others, or the server, from ending. */
  function stop(uri: string, watch: { stop: () => void }): void {
    try {
      watch.stop();
    } catch (error) {
      runtime.log.warn("A watch did not end cleanly", { uri, error });
    }
  }

  function clear(): void {
    for (const [uri, watch] of watches) stop(uri, watch);
    watches.clear();
  }

  return { add, remove, clear };
}
