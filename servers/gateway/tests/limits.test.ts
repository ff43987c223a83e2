import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { limitsOf } from "../src/limits/open.ts";
import { DEFAULT_LISTENERS, DEFAULT_RULES, limitSettings } from "../src/limits/settings.ts";
import { ensureBuilt } from "./shared/testing/build.ts";
import { ERAS } from "./shared/testing/messages.ts";
import { addKey, bearer, type Guarded, rpc, send, startGuarded } from "./support/access.ts";
import { REDIS, startRedis, type TestRedis } from "./support/redis.ts";

beforeAll(() => ensureBuilt(), 60_000);

const see = { name: "see", arguments: {} };
/** So slow that nothing comes back while a test runs. */
const few = (burst: number) => ({ rate: 1, per: "hour", burst });
const isLimited = (text: string) => text.includes("RATE_LIMITED");

describe.each(ERAS)("a limit (%s)", (era) => {
  it("is of each principal, over all surfaces together", async () => {
    const credentials: string[] = [];
    const { gateway } = await startGuarded({
      gateway: { limits: { principal: few(4) } },
      prepare: (root) => {
        for (const name of ["one", "two"]) credentials.push(addKey(root, name, "--scope", "*"));
      },
    });
    const [one = "", two = ""] = credentials;
    const mcp = (key: string) => rpc(gateway, "/alpha/mcp", key, "tools/call", see, { era });
    const joined = (key: string) =>
      rpc(gateway, "/mcp", key, "tools/call", { name: "beta__see", arguments: {} }, { era });
    const rest = (key: string) =>
      send(gateway, "/alpha/tools/see", { method: "POST", headers: bearer(key) });
    const read = (key: string) =>
      rpc(gateway, "/alpha/mcp", key, "resources/read", { uri: "note://one" }, { era });
    for (const ask of [mcp, joined, rest, read])
      expect(isLimited((await ask(one)).text)).toBe(false);
    expect(isLimited((await mcp(one)).text)).toBe(true);
    expect(isLimited((await joined(one)).text)).toBe(true);
    expect(isLimited((await read(one)).text)).toBe(true);
    const refused = await rest(one);
    expect([refused.status, Number(refused.headers.get("retry-after")) > 0]).toEqual([429, true]);
    expect(isLimited((await mcp(two)).text), "somebody else").toBe(false);
    const list = await rpc(gateway, "/alpha/mcp", one, "tools/list", {}, { era });
    expect(list.json.result.tools, "lists cost nothing").toHaveLength(5);
  });
});

it("a limit may be of one tool, by the first pattern that means it", async () => {
  let key = "";
  const { gateway } = await startGuarded({
    gateway: { limits: { tools: { "alpha:see": few(1), "*:*": few(2) } } },
    prepare: (root) => {
      key = addKey(root, "one", "--scope", "*");
    },
  });
  const count = async (path: string, name: string) => {
    const answers = [];
    for (let call = 0; call < 4; call++)
      answers.push((await rpc(gateway, path, key, "tools/call", { name, arguments: {} })).text);
    return answers.filter((text) => !isLimited(text)).length;
  };
  expect(await count("/alpha/mcp", "see")).toBe(1);
  expect(await count("/beta/mcp", "see")).toBe(2);
  expect(await count("/alpha/mcp", "print")).toBe(2);
});

it("one address is let to send so many requests, before it is looked who sends them", async () => {
  const { gateway } = await startGuarded({
    gateway: { limits: { address: few(3) }, trustedProxies: ["127.0.0.1"] },
    prepare: (root) => void addKey(root, "one", "--scope", "*"),
  });
  const from = (address: string) =>
    send(gateway, "/", { headers: { "x-forwarded-for": address } }).then(({ status }) => status);
  for (let call = 0; call < 3; call++) expect(await from("2001:db8:0:1::1")).toBe(401);
  expect(await from("2001:db8:0:1::2"), "the same network").toBe(429);
  expect(await from("2001:db8:0:2::1")).toBe(401);
  expect(await send(gateway, "/health").then(({ status }) => status)).toBe(200);
});

it("without access control a limit of a principal is one sender's, whichever address of its network it takes", async () => {
  const { gateway } = await startGuarded({
    gateway: {
      access: undefined,
      limits: { principal: few(2), tools: { "beta:see": few(1) } },
      trustedProxies: ["127.0.0.1"],
    },
  });
  const from = async (address: string, server: string) =>
    isLimited(
      (
        await rpc(gateway, `/${server}/mcp`, undefined, "tools/call", see, {
          headers: { "x-forwarded-for": address },
        })
      ).text,
    );
  expect(await from("2001:db8:0:1::1", "beta")).toBe(false);
  expect(await from("2001:db8:0:1::2", "beta"), "the tool's limit").toBe(true);
  expect(await from("2001:db8:0:1::3", "alpha"), "the principal's limit").toBe(true);
  expect(await from("2001:db8:0:2::1", "beta"), "another network").toBe(false);
});

describe("what holds unless the settings say otherwise", () => {
  const keys = { access: { keys: "x", deployment: undefined, oauth: undefined } };
  const defaults = {
    ...DEFAULT_RULES,
    tools: {},
    listeners: DEFAULT_LISTENERS,
    replicas: 1,
  };
  it("is nothing on loopback, and the defaults with access control or on another address", () => {
    expect(limitsOf({}, true)).toBeUndefined();
    expect(limitsOf({}, false)).toEqual(defaults);
    expect(limitsOf(keys, true)).toEqual(defaults);
  });

  it.each([
    ["replicas", { replicas: 3 }],
    ["listeners", { listeners: 5 }],
    ["tools", { tools: {} }],
    ["nothing", {}],
  ])("and stays when they say only %s", (_, stated) => {
    const limits = limitSettings.parse(stated);
    expect(limitsOf({ limits }, false)).toEqual({ ...defaults, ...stated });
    expect(limitsOf({ ...keys, limits }, true)).toEqual({ ...defaults, ...stated });
    expect(limitsOf({ limits }, true)).toMatchObject({ principal: undefined, address: undefined });
  });

  it("but for what they state, and where they say none", () => {
    const limits = limitSettings.parse({ principal: few(2), address: false });
    const { principal } = limits;
    expect(limitsOf({ limits }, false)).toEqual({ ...defaults, principal, address: undefined });
    expect(limitsOf({ limits }, true)).toMatchObject({ principal, address: undefined });
    expect(limitsOf({ ...keys, limits: false }, false)).toBeUndefined();
  });
});

/** Low enough that six callers on a busy machine pass it within a few seconds. */
const RATE = 10;
const BURST = 30;

describe.skipIf(REDIS === undefined)("two gateways with one Redis", () => {
  let redis: TestRedis;
  let guarded: Guarded;
  let key = "";
  beforeAll(async () => {
    redis = await startRedis();
    guarded = await startGuarded({
      env: { GATEWAY_REDIS_URL: redis.url },
      gateway: {
        limits: {
          principal: { rate: RATE, burst: BURST },
          // all of the test come from one
          address: false,
          tools: { "alpha:print": few(10) },
          replicas: 2,
        },
      },
      prepare: (root) => {
        key = addKey(root, "one", "--scope", "*");
      },
    });
  }, 60_000);
  afterAll(async () => {
    await guarded.stop();
    await redis.kill();
  });

  it("hold a limit together", async () => {
    const { gateway, start } = guarded;
    const second = await start();
    const print = { name: "print", arguments: {} };
    const through = async (one: typeof gateway, count: number) => {
      const calls = Array.from({ length: count }, () =>
        rpc(one, "/alpha/mcp", key, "tools/call", print),
      );
      return (await Promise.all(calls)).filter(({ text }) => !isLimited(text)).length;
    };
    // more than the part of one, so that it is Redis that counts
    expect(await through(gateway, 8)).toBe(8);
    expect(await through(second, 8)).toBe(2);
    expect(await through(gateway, 8)).toBe(0);
  });

  it("fail no call while Redis is killed and started again, log it, and stay within bounds", async () => {
    const { gateway, start } = guarded;
    const gateways = [gateway, await start()];
    const since = Date.now();
    let calls = 0;
    let through = 0;
    const failed: string[] = [];
    let isOver = false;
    const run = async (one: (typeof gateways)[number]) => {
      while (!isOver) {
        const { status, text } = await rpc(one, "/beta/mcp", key, "tools/call", see);
        calls++;
        if (status !== 200 || (text.includes('"isError":true') && !isLimited(text)))
          failed.push(text);
        else if (!isLimited(text)) through++;
      }
    };
    const load = Promise.all(gateways.flatMap((one) => [run(one), run(one), run(one)]));
    const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    await wait(800);
    await redis.kill();
    await wait(1_500);
    await redis.start();
    await Promise.all(
      gateways.map((one) =>
        one.stderr.find((line) => line.includes("limits are of all gateways together"), "Redis"),
      ),
    );
    await wait(800);
    isOver = true;
    await load;
    const seconds = (Date.now() - since) / 1_000;
    expect(failed).toEqual([]);
    expect(calls).toBeGreaterThan(through);
    // the rate and the burst, one burst more of the parts, and one more because Redis came back empty
    expect(through).toBeLessThanOrEqual(RATE * seconds + 3 * BURST);
    expect(through).toBeGreaterThan(BURST);
    for (const one of gateways) {
      const line = one.stderr
        .text()
        .split("\n")
        .find((text) => text.includes("Redis is away"));
      expect(JSON.parse(line ?? "{}")).toMatchObject({
        level: "warn",
        replicas: 2,
        looseness: expect.stringContaining("one burst more"),
      });
    }
  });
});

it.skipIf(REDIS === undefined)(
  "a Redis that is not there at the start keeps nothing from starting",
  async () => {
    let key = "";
    const { gateway } = await startGuarded({
      env: { GATEWAY_REDIS_URL: "redis://:secret-of-redis@127.0.0.1:1" },
      gateway: { limits: { principal: few(2) } },
      prepare: (root) => {
        key = addKey(root, "one", "--scope", "*");
      },
    });
    const answers = [];
    for (let call = 0; call < 3; call++)
      answers.push(isLimited((await rpc(gateway, "/alpha/mcp", key, "tools/call", see)).text));
    expect(answers).toEqual([false, false, true]);
    await gateway.stderr.find((line) => line.includes("Redis is away"), "The warning");
    expect(gateway.stderr.text()).not.toContain("secret-of-redis");
  },
);
