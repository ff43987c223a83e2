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

/** What stands behind the facade of a mount. */
export interface Backing {
  readonly name: string;
  readonly catalogue: Catalogue;
  readonly startedAt: number;
  readonly callsInFlight: number;
  readonly isUp: boolean;
  now(): Date;
  /** Works with the running server; `fail` words what is answered when there is none. Never rejects. */
  use<T>(
    work: (instance: Instance) => Promise<Outcome<T>>,
    fail: (error: ToolError) => Outcome<T>,
    context?: CallContext,
  ): Promise<Outcome<T>>;
}

/** Milliseconds that a server may take to tell how it is. */
const HEALTH_TIMEOUT_MS = 6_000;

/** The instance that endpoints and the aggregate see: it stays the same while servers come and go behind it. */
export function facadeInstance(mount: Backing): Instance {
  return {
    get tools() {
      return mount.catalogue.tools;
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
    call: async (tool, input, context) => {
      const { tools } = mount.catalogue;
      // a server that was never seen may have any tool
      if (!mount.isUp && tools.length > 0 && !tools.some(({ name }) => name === tool))
        return invalidParams(`Tool ${JSON.stringify(tool)} not found`);
      return mount.use(
        (server) => server.call(tool, input, context),
        failedCall(mount.now),
        context,
      );
    },
    read: (uri, context) =>
      mount.use((server) => server.read(uri, context), failedRequest, context),
    get: (prompt, input, context) =>
      mount.use((server) => server.get(prompt, input, context), failedRequest, context),
    complete: (reference, argument, context) =>
      mount.use((server) => server.complete(reference, argument, context), failedRequest, context),
    subscribe: (uri) => mount.use((server) => server.subscribe(uri), failedRequest),
    unsubscribe: (uri) => mount.use((server) => server.unsubscribe(uri), failedRequest),
    health: () => facadeHealth(mount),
    close: async () => {},
  };
}

async function facadeHealth(mount: Backing): Promise<HealthReport> {
  const signal = AbortSignal.timeout(HEALTH_TIMEOUT_MS);
  const asked = await mount.use(
    async (server) => ({ result: await server.health() }),
    failedRequest,
    { signal, era: "modern" },
  );
  if (asked.result) return asked.result;
  const { name, catalogue, startedAt, callsInFlight } = mount;
  const message = asked.error.message;
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
export function facadeModule(mount: Backing): ServerModule {
  return {
    contract: CONTRACT_VERSION,
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
