import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { silentLog } from "#shared/core/log.ts";
import type { Posted } from "#shared/mcp/push.ts";
import { MAX_PASSED_BYTES, redisRelay } from "../src/asking/redis-relay.ts";
import { ensureBuilt } from "./shared/testing/build.ts";
import { until } from "./shared/testing/within.ts";
import { addKey, type Guarded, startGuarded } from "./support/access.ts";
import { answerAs, askingCall } from "./support/asking.ts";
import { foreignRemote } from "./support/foreign.ts";
import type { TestGateway } from "./support/gateway.ts";
import { REDIS, startRedis, type TestRedis } from "./support/redis.ts";

const PATH = "/asking/mcp";
const IS_BACK = "questions are answered at every gateway";

describe.skipIf(REDIS === undefined)("questions of gateways with one Redis", () => {
  let redis: TestRedis;
  let guarded: Guarded;
  let asking: Awaited<ReturnType<typeof foreignRemote>>;
  let first: TestGateway;
  let second: TestGateway;
  const keys = { ada: "", eve: "" };

  beforeAll(async () => {
    await ensureBuilt();
    redis = await startRedis();
    // one that many calls may ask at a time
    asking = await foreignRemote("legacy");
    guarded = await startGuarded({
      env: { GATEWAY_REDIS_URL: redis.url, ASK_OVER_HTTP: "true" },
      entries: { asking: asking.entry },
      prepare: (root) => {
        for (const name of ["ada", "eve"] as const) keys[name] = addKey(root, name, "--scope", "*");
      },
    });
    first = guarded.gateway;
    second = await guarded.start();
  }, 60_000);
  afterAll(async () => {
    await second?.stop();
    await guarded?.stop();
    await asking?.server.stop();
    await redis?.kill();
  });

  const ask = () => askingCall(first, PATH, keys.ada, "ask");

  it("are answered at any of them, at any address, by nobody but who was asked", async () => {
    const call = await ask();
    for (const gateway of [first, second])
      expect(await answerAs(gateway, PATH, keys.eve, call.id, "Eve")).toBe(202);
    expect(await answerAs(second, "/mcp", keys.ada, call.id, "Ada")).toBe(202);
    expect(await call.result()).toContain("Ada");
    expect(await answerAs(second, PATH, keys.ada, call.id, "Ada"), "once more").toBe(202);
  });

  it("are answered by as much as a body may be", async () => {
    const call = await ask();
    const name = "é".repeat(1_900_000);
    expect(await answerAs(second, PATH, keys.ada, call.id, name)).toBe(202);
    expect((await call.result()).length).toBeGreaterThan(100);
  });

  it("end with the call, and Redis knows of none that is over", async () => {
    const stranger = new Redis(redis.url);
    onTestFinished(() => stranger.disconnect());
    const open = async () => (await stranger.pubsub("CHANNELS", "flotilla:answer:*")).length;
    expect(await open()).toBe(0);
    const calls = [await ask(), await ask()];
    await until(async () => (await open()) === 2, "Two questions in Redis");
    await calls[0]?.leave();
    await until(async () => (await open()) === 1, "One question in Redis");
    await answerAs(first, PATH, keys.ada, calls[1]?.id ?? "", "Ada");
    expect(await calls[1]?.result()).toContain("Ada");
    await until(async () => (await open()) === 0, "No question in Redis");
  });

  it("are answered where they were asked while Redis is away, and everywhere when it is back", async () => {
    const before = await ask();
    await redis.kill();
    const during = await ask();
    const refused = await answerAs(second, PATH, keys.ada, during.id, "Eve");
    expect(refused, "as to a question that nobody has asked").toBe(202);
    const local = await ask();
    await answerAs(first, PATH, keys.ada, local.id, "Ada");
    expect(await local.result()).toContain("Ada");
    await redis.start();
    await Promise.all(
      [first, second].map(({ stderr }) => stderr.find((line) => line.includes(IS_BACK), IS_BACK)),
    );
    for (const { id, result } of [before, during]) {
      let isDone = false;
      const done = result().then((text) => {
        isDone = true;
        return text;
      });
      // which of the connections is back first is left open
      await until(async () => {
        await answerAs(second, PATH, keys.ada, id, "Ada");
        return isDone;
      }, "The answer at the other gateway");
      expect(await done).toContain("Ada");
    }
  });
});

describe.skipIf(REDIS === undefined)("the relay", () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis?.kill());

  function open() {
    const relay = redisRelay(redis.url, silentLog);
    onTestFinished(relay.close);
    return relay;
  }

  /** Two of them, and what reaches the first. */
  async function together() {
    const [here, there] = [open(), open()];
    const id = randomUUID();
    const taken: Posted[] = [];
    const stop = await here.expect(id, (posted) => taken.push(posted));
    const pass = (result: unknown, to: string = id) =>
      there.pass(to, { message: { id: to, result }, principal: "ada" });
    // until both are connected
    await until(() => pass("first"), "The first answer");
    await until(() => taken.length > 0, "The first answer, taken");
    taken.length = 0;
    return { id, taken, stop, pass };
  }

  it("says whether a process has the question open", async () => {
    const { id, taken, stop, pass } = await together();
    expect(await pass("second")).toBe(true);
    await until(() => taken.length > 0, "The second answer");
    expect(taken).toEqual([{ message: { id, result: "second" }, principal: "ada" }]);
    expect(await pass("third", randomUUID())).toBe(false);
    expect(await pass("third", "*")).toBe(false);
    stop();
    await until(async () => !(await pass("fourth")), "The end of the question");
  });

  it("passes on so many bytes at most", async () => {
    const { id, taken, pass } = await together();
    const around = JSON.stringify({ message: { id, result: "" }, principal: "ada" }).length;
    const largest = "x".repeat(MAX_PASSED_BYTES - around);
    expect(await pass(`${largest}x`)).toBe(false);
    expect(await pass(largest)).toBe(true);
    await until(() => taken.length > 0, "The largest answer");
    expect(taken.map(({ message }) => message.result === largest)).toEqual([true]);
  });

  it("takes no notice of what is no answer", async () => {
    const { id, taken, pass } = await together();
    const stranger = new Redis(redis.url);
    onTestFinished(() => stranger.disconnect());
    for (const text of ["", "null", "{}", '{"message":1}'])
      expect(await stranger.publish(`flotilla:answer:${id}`, text)).toBe(1);
    await pass("last");
    await until(() => taken.length > 0, "The last answer");
    expect(taken).toHaveLength(1);
  });

  it("waits for no Redis that is not there", async () => {
    const relay = redisRelay("redis://127.0.0.1:1", silentLog);
    onTestFinished(relay.close);
    const id = randomUUID();
    const stop = await relay.expect(id, () => {});
    expect(await relay.pass(id, { message: { id, result: {} }, principal: undefined })).toBe(false);
    stop();
  });
});
