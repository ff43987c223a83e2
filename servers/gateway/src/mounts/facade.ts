import {
  type CallContext,
  CONTRACT_VERSION,
  type HealthReport,
  type Instance,
  type Outcome,
  type ServerModule,
} from "#shared/core/contract.ts";
import type { ToolError } from "#shared/core/errors.ts";
import { healthReport } from "#shared/core/health.ts";
import { invalidParams } from "#shared/core/runtime.ts";
import { failedCall, failedRequest } from "./calls.ts";
import type { Catalogue } from "./catalogue.ts";
import { withLists } from "./lists.ts";
import { withinSize } from "./size.ts";

/** What stands behind the facade of a mount. */
export interface Backing {
  readonly name: string;
  readonly catalogue: Catalogue;
  readonly startedAt: number;
  readonly callsInFlight: number;
  readonly isUp: boolean;
  now(): Date;
  /** Whether this tool may be seen and called. */
  allows(tool: string): boolean;
  /**
   * Works with the running server, in its turn and up to the deadline; `fail` words what is answered
   * when there is none. Never rejects.
   */
  use<T>(
    work: (instance: Instance, context: CallContext) => Promise<Outcome<T>>,
    fail: (error: ToolError) => Outcome<T>,
    context: CallContext,
  ): Promise<Outcome<T>>;
  /** Works with the running server at once; rejects when there is none. */
  ask<T>(work: (instance: Instance) => Promise<T>): Promise<T>;
}

/** Milliseconds that a server may take to tell how it is. */
const HEALTH_TIMEOUT_MS = 6_000;

/** The instance that endpoints and the aggregate see: it stays the same while servers come and go behind it. */
export function facadeInstance(mount: Backing): Instance {
  return withLists(() => mount.catalogue, {
    call: async (tool, input, given) => {
      const { tools } = mount.catalogue;
      // a server that was never seen may have any tool
      const unseen = tools.length === 0 && !mount.isUp;
      if (!mount.allows(tool) || !(unseen || tools.some(({ name }) => name === tool)))
        return invalidParams(`Tool ${JSON.stringify(tool)} not found`);
      const outcome = await mount.use(
        (server, context) => server.call(tool, input, context),
        failedCall(mount.now),
        given,
      );
      return withinSize(outcome, mount.now());
    },
    read: (uri, given) =>
      mount.use((server, context) => server.read(uri, context), failedRequest, given),
    get: (prompt, input, given) =>
      mount.use((server, context) => server.get(prompt, input, context), failedRequest, given),
    complete: (reference, argument, given) =>
      mount.use(
        (server, context) => server.complete(reference, argument, context),
        failedRequest,
        given,
      ),
    subscribe: (uri) => mount.use((server) => server.subscribe(uri), failedRequest, unasked()),
    unsubscribe: (uri) => mount.use((server) => server.unsubscribe(uri), failedRequest, unasked()),
    health: () => facadeHealth(mount),
    close: async () => {},
  });
}

/** For what no caller waits for by itself. */
const unasked = (): CallContext => ({ signal: new AbortController().signal, era: "modern" });

async function facadeHealth(mount: Backing): Promise<HealthReport> {
  try {
    return await mount.ask((server) => within(server.health(), HEALTH_TIMEOUT_MS));
  } catch (error) {
    return downHealth(mount, error instanceof Error ? error.message : String(error));
  }
}

async function within<T>(work: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${limitMs} ms`)), limitMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function downHealth(mount: Backing, message: string): Promise<HealthReport> {
  const { name, catalogue, startedAt, callsInFlight } = mount;
  const source = {
    name,
    version: catalogue.version,
    startedAt,
    callsInFlight,
    checks: [],
    secrets: [],
  };
  const report = await healthReport(source, mount.now());
  return { ...report, status: "failing", checks: [{ name: "mount", status: "failing", message }] };
}

/** The module that endpoints see. Lists may change at any time, because servers come and go. */
export function facadeModule(
  mount: Pick<Backing, "catalogue">,
  cacheScope: "public" | "private" = "public",
): ServerModule {
  return {
    contract: CONTRACT_VERSION,
    cacheScope,
    port: 0,
    toolsets: {},
    get name() {
      return mount.catalogue.name;
    },
    get title() {
      return mount.catalogue.title;
    },
    get version() {
      return mount.catalogue.version;
    },
    get description() {
      return mount.catalogue.description;
    },
    get instructions() {
      return mount.catalogue.instructions;
    },
    get features() {
      return {
        ...mount.catalogue.features,
        listChanged: ["tools", "prompts", "resources"] as const,
      };
    },
    get tools() {
      return mount.catalogue.tools.map((listing) => ({ listing }));
    },
    get resources() {
      return mount.catalogue.resources;
    },
    get resourceTemplates() {
      return mount.catalogue.resourceTemplates;
    },
    get prompts() {
      return mount.catalogue.prompts;
    },
    open: () => Promise.reject(new Error("A mount is opened by its gateway")),
  };
}
