import type { Log } from "#shared/core/contract.ts";
import { MAX_BODY_BYTES } from "#shared/mcp/guards.ts";
import { isObject } from "#shared/mcp/hot-client.ts";
import type { AnswerRelay, Posted } from "#shared/mcp/push.ts";
import { connectRedis, disconnectRedis } from "../state/redis.ts";

/** Bytes of an answer that is passed on: as large as a body may be, and whose it is. */
export const MAX_PASSED_BYTES = MAX_BODY_BYTES + 32 * 1_024;
/** A channel a question, so that Redis knows whether anybody has it open. */
const PREFIX = "flotilla:answer:";
/** Ids are as `createPush` makes them; no other text becomes the name of a channel. */
const QUESTION_ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

const ignore = () => {};

/** Answers between gateways with one Redis. While it is away each gateway has those that reach it. */
export function redisRelay(url: string, log: Log): AnswerRelay & { close(): void } {
  const expected = new Map<string, (posted: Posted) => void>();
  const publisher = connectRedis(url, { onAway: ignore, onBack: ignore });
  // a connection that subscribes can do nothing else
  const subscriber = connectRedis(url, {
    onAway: (reason) =>
      log.warn("Until Redis is back, questions are answered only at the gateway that asked", {
        reason,
      }),
    onBack: () => log.info("Redis is there: questions are answered at every gateway"),
  });
  const subscribe = (channels: readonly string[]) =>
    subscriber.subscribe(...channels).then(ignore, ignore);
  // also what was asked while it was away
  subscriber.on("ready", () => {
    if (expected.size > 0) void subscribe([...expected.keys()]);
  });
  subscriber.on("message", (channel: string, text: string) => {
    const posted = readPosted(text);
    if (posted) expected.get(channel)?.(posted);
  });

  return {
    expect: async (id, take) => {
      const channel = PREFIX + id;
      expected.set(channel, take);
      await subscribe([channel]);
      return () => {
        expected.delete(channel);
        subscriber.unsubscribe(channel).catch(ignore);
      };
    },
    pass: async (id, { message: { result, error }, principal }) => {
      const text = JSON.stringify({ message: { id, result, error }, principal });
      if (!QUESTION_ID.test(id) || Buffer.byteLength(text) > MAX_PASSED_BYTES) return false;
      return publisher.publish(PREFIX + id, text).then(
        (receivers) => receivers > 0,
        () => false,
      );
    },
    close: () => {
      disconnectRedis(publisher);
      disconnectRedis(subscriber);
    },
  };
}

function readPosted(text: string): Posted | undefined {
  try {
    const { message, principal } = JSON.parse(text);
    return isObject(message) ? { message, principal } : undefined;
  } catch {
    return undefined;
  }
}
