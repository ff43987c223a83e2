import { dirname } from "node:path";
import { describe } from "vitest";
import { type Requests, requestsTo, startWith, type TestGateway } from "./gateway.ts";
import { freePort, NGINX, startNginx } from "./nginx.ts";
import { REDIS, startRedis } from "./redis.ts";

/** Where clients reach the gateway, whatever stands behind the address. */
export interface Address extends Requests {
  stop(): Promise<void>;
}

type Suite = (replicas: 1 | 2) => void;

/** Describes what holds for one gateway, and for several that share the requests in turn. */
export function describeAtEachAddress(suite: Suite): void {
  describe("one gateway", () => suite(1));
  describe.skipIf(NGINX === undefined)(
    "two gateways behind nginx in turn (apt-get install nginx)",
    () => suite(2),
  );
}

/** The same for what several do only with a Redis that they share: see `startSharing`. */
export function describeAtEachSharing(suite: Suite): void {
  describe("one gateway", () => suite(1));
  describe.skipIf(NGINX === undefined || REDIS === undefined)(
    "two gateways behind nginx in turn, with a Redis (apt-get install nginx redis-server)",
    () => suite(2),
  );
}

/** What all replicas must have in common. */
const COMMON = { REQUEST_STATE_KEY: "k".repeat(43) };

/** Starts so many gateways with this gateway.json, and nginx in front when they are more than one; all are ready. */
export async function startAddress(
  config: string,
  replicas: number,
  env: Record<string, string> = {},
): Promise<Address> {
  if (replicas === 1) {
    const gateway = await startWith(config, env);
    await gateway.ready();
    return gateway;
  }
  const { proxy, gateways } = await startReplicas(config, replicas, env);
  return {
    ...requestsTo(`${proxy.url}/mcp`),
    stop: async () => {
      await proxy.stop();
      await Promise.all(gateways.map((gateway) => gateway.stop()));
    },
  };
}

/** As `startAddress`; several have a Redis in common. */
export async function startSharing(
  config: string,
  replicas: number,
  env: Record<string, string>,
): Promise<Address> {
  if (replicas === 1) return startAddress(config, replicas, env);
  const redis = await startRedis();
  const address = await startAddress(config, replicas, { ...env, GATEWAY_REDIS_URL: redis.url });
  const stop = async () => {
    await address.stop();
    await redis.kill();
  };
  return { ...address, stop };
}

/** Gateways behind nginx, each to be started and stopped by itself. */
export async function startReplicas(
  config: string,
  replicas: number,
  env: Record<string, string> = {},
) {
  const ports = await Promise.all(Array.from({ length: replicas }, freePort));
  const start = async (port: number): Promise<TestGateway> => {
    const gateway = await startWith(config, { ...COMMON, ...env, PORT: String(port) });
    await gateway.ready();
    return gateway;
  };
  const gateways = await Promise.all(ports.map(start));
  const proxy = await startNginx(dirname(config), ports);
  return { proxy, ports, gateways, start };
}
