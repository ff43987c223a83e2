import type { CallContext, HealthReport, Instance, Outcome } from "#shared/core/contract.ts";
import type { ToolError } from "#shared/core/errors.ts";
import { healthReport } from "#shared/core/health.ts";
import { invalidParams } from "#shared/core/runtime.ts";
import { failedCall, failedRequest } from "./calls.ts";
import type { Catalogue } from "./catalogue.ts";
import { inTime } from "./in-time.ts";
import { withLists } from "./lists.ts";
import {
  checkResult,
  isCallResult,
  isCompletion,
  isPromptResult,
  isReadResult,
} from "./results.ts";
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
  const failed = failedCall(mount.now);
  return withLists(() => mount.catalogue, {
    call: (tool, input, given) => {
      const names = toolNames(mount.catalogue);
      // a server that was never seen may have any tool
      const unseen = names.size === 0 && !mount.isUp;
      if (!mount.allows(tool) || !(unseen || names.has(tool)))
        return Promise.resolve(invalidParams(`Tool ${JSON.stringify(tool)} not found`));
      return mount
        .use((server, context) => server.call(tool, input, context), failed, given)
        .then((outcome) =>
          withinSize(checkResult(mount.name, outcome, isCallResult, failed), mount.now),
        );
    },
    read: (uri, given) =>
      mount
        .use((server, context) => server.read(uri, context), failedRequest, given)
        .then((outcome) => checkResult(mount.name, outcome, isReadResult, failedRequest)),
    get: (prompt, input, given) =>
      mount
        .use((server, context) => server.get(prompt, input, context), failedRequest, given)
        .then((outcome) => checkResult(mount.name, outcome, isPromptResult, failedRequest)),
    complete: (reference, argument, given) =>
      mount
        .use(
          (server, context) => server.complete(reference, argument, context),
          failedRequest,
          given,
        )
        .then((outcome) => checkResult(mount.name, outcome, isCompletion, failedRequest)),
    subscribe: (uri) => mount.use((server) => server.subscribe(uri), failedRequest, unasked()),
    unsubscribe: (uri) => mount.use((server) => server.unsubscribe(uri), failedRequest, unasked()),
    health: () => facadeHealth(mount),
    close: async () => {},
  });
}

const namesOf = new WeakMap<Catalogue, ReadonlySet<string>>();

function toolNames(catalogue: Catalogue): ReadonlySet<string> {
  const known = namesOf.get(catalogue);
  if (known) return known;
  const made = new Set(catalogue.tools.map(({ name }) => name));
  namesOf.set(catalogue, made);
  return made;
}

/** For what no caller waits for by itself. */
const unasked = (): CallContext => ({ signal: new AbortController().signal, era: "modern" });

async function facadeHealth(mount: Backing): Promise<HealthReport> {
  try {
    return await mount.ask((server) =>
      inTime(server.health(), HEALTH_TIMEOUT_MS, () => {
        throw new Error(`No answer within ${HEALTH_TIMEOUT_MS} ms`);
      }),
    );
  } catch (error) {
    return downHealth(mount, error instanceof Error ? error.message : String(error));
  }
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
