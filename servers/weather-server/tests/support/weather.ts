import { resolve } from "node:path";
import { afterEach, expect } from "vitest";
import type { CallContext, CallToolResult, Instance } from "#shared/core/contract.ts";
import { silentLog } from "#shared/core/log.ts";
import { server } from "../../src/server.ts";
import { expectToolError } from "../shared/testing/call.ts";
import { type FakeHost, startFakeHost } from "./fake-host.ts";

/** Winter in Berlin, summer in Sydney: Wednesday, 2025-01-15, 11:07 UTC. */
export const NOW = new Date("2025-01-15T11:07:00Z");

const ZONES = {
  "52.52437,13.41053": "Europe/Berlin",
  "52.5244,13.4105": "Europe/Berlin",
  "48.8534,2.3488": "Europe/Paris",
  "48.85341,2.3488": "Europe/Paris",
  "36.17497,-115.13722": "America/Los_Angeles",
  "-33.87,151.21": "Australia/Sydney",
  "78.22,15.65": "Arctic/Longyearbyen",
};

/** Environment of a server that answers from the recordings that come with it. */
export const RECORDED = {
  WEATHER_REPLAY: resolve(import.meta.dirname, "../../recordings"),
  OPEN_METEO_URL: "",
  NWS_URL: "https://api.weather.gov",
};

export interface Weather {
  host: FakeHost;
  instance: Instance;
  call(tool: string, input: object, context?: Partial<CallContext>): Promise<CallToolResult>;
  /** The structured result; throws when the call failed. */
  ask(
    tool: string,
    input: object,
    context?: Partial<CallContext>,
  ): Promise<Record<string, unknown>>;
  /** The error of a call that fails. */
  error(tool: string, input: object): Promise<ReturnType<typeof expectToolError>>;
}

const toClose: (() => Promise<void>)[] = [];

/** Ends what a test opened, and fails it if a request broke a rule of the real host. */
afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
});

/** A server in memory that asks a host on this machine. */
export async function openWeather(
  options: { env?: Record<string, string>; now?: Date; mayViolate?: boolean } = {},
): Promise<Weather> {
  const host = await startFakeHost(options.now ?? NOW);
  host.world.zones = ZONES;
  const instance = await server.open({
    env: { ...host.env, ...options.env },
    log: silentLog,
    now: () => host.world.now,
  });
  toClose.push(async () => {
    await instance.close();
    await host.close();
    if (!options.mayViolate) expect(host.violations).toEqual([]);
  });

  async function call(tool: string, input: object, context: Partial<CallContext> = {}) {
    const signal = context.signal ?? new AbortController().signal;
    const { result, error } = await instance.call(tool, input, {
      era: "modern",
      ...context,
      signal,
    });
    if (error) throw new Error(`error ${error.code}: ${error.message}`);
    if ("resultType" in result) throw new Error(`${tool} asks: ${JSON.stringify(result)}`);
    return result;
  }

  return {
    host,
    instance,
    call,
    ask: async (tool, input, context) => {
      const result = await call(tool, input, context);
      if (!result.structuredContent) throw new Error(JSON.stringify(result.content));
      return result.structuredContent;
    },
    error: async (tool, input) => expectToolError(await call(tool, input)),
  };
}
