import type { Log } from "#shared/core/contract.ts";
import { createPush, type Push } from "#shared/mcp/push.ts";

export interface Asking {
  push: Push;
  close(): void;
}

/** Asks clients of 2025 on the streams of their calls; with a Redis every gateway that has it takes the answers. */
export async function openAsking(redisUrl: string | undefined, log: Log): Promise<Asking> {
  if (redisUrl === undefined) return { push: createPush(), close: () => {} };
  const { redisRelay } = await import("./redis-relay.ts");
  const relay = redisRelay(redisUrl, log);
  return { push: createPush(relay), close: relay.close };
}
