// Copied from shared/core/services.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { Log } from "./contract.ts";

/** What opening a service may use. */
export interface ServiceSetup<Config> {
  config: Config;
  log: Log;
  /** The clock of the calls, for what keeps time: caches, limits. */
  now(): Date;
}

/**
 * Something expensive that calls share: a pool, an engine, a parser. Called services because MCP
 * already has resources.
 */
export interface Service<T, Config> {
  /** Runs at most once at a time; a failure is reported to the call that needed it and tried anew by the next. */
  open(setup: ServiceSetup<Config>): T | Promise<T>;
  close?(value: T): void | Promise<void>;
  /** Rejects while the service cannot do its work. Asked only once it is open. */
  check?(value: T): void | Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: a record of services of different types has no other bound
export type ServiceMap<Config> = Record<string, Service<any, Config>>;

/** The values of a record of services. */
export type ServiceValues<S> = {
  [K in keyof S]: S[K] extends { open(setup: never): infer T } ? Awaited<T> : never;
};

export interface ServiceAccess<Values> {
  /** The service, opened on first use and then shared by all calls. */
  get<K extends keyof Values & string>(name: K): Promise<Values[K]>;
}

export interface Services extends ServiceAccess<Record<string, unknown>> {
  /** Names of what is open, in the order of opening. */
  opened(): string[];
  check(name: string): Promise<void>;
  /** Closes in reverse order of opening, all of them, also when one fails; then throws what failed. */
  close(): Promise<void>;
}

interface OpenService {
  name: string;
  value: unknown;
}

export function createServices<Config>(
  map: ServiceMap<Config>,
  setup: ServiceSetup<Config>,
): Services {
  const opening = new Map<string, Promise<unknown>>();
  const order: OpenService[] = [];
  let closed = false;

  async function open(name: string): Promise<unknown> {
    const service = map[name];
    if (!service) throw new TypeError(`No service is named "${name}"`);
    const value = await service.open(setup);
    if (closed) {
      // the server closed while this was opening: nobody else would close it
      await service.close?.(value);
      throw new Error(`The server closed while "${name}" was opening`);
    }
    order.push({ name, value });
    return value;
  }

  function get(name: string): Promise<unknown> {
    if (closed) return Promise.reject(new Error("The server is closed"));
    const running = opening.get(name);
    if (running !== undefined) return running;
    const promise = open(name);
    opening.set(name, promise);
    promise.catch(() => opening.delete(name));
    return promise;
  }

  return {
    get,
    opened: () => order.map(({ name }) => name),
    check: async (name) => {
      const found = order.find((service) => service.name === name);
      if (found) await map[name]?.check?.(found.value);
    },
    close: async () => {
      closed = true;
      await Promise.allSettled(opening.values());
      const failures: unknown[] = [];
      for (const { name, value } of order.splice(0).reverse()) {
        try {
          await map[name]?.close?.(value);
        } catch (error) {
          failures.push(new Error(`Closing "${name}" failed`, { cause: error }));
        }
      }
      if (failures.length > 0)
        throw new AggregateError(failures, "Some services did not close cleanly");
    },
  };
}
