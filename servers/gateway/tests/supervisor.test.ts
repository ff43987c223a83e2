import { expect, it, onTestFinished } from "vitest";
import type { Instance, ServerEvent, ServerModule } from "#shared/core/contract.ts";
import { silentLog } from "#shared/core/log.ts";
import { FIRST_DELAY_MS, fullJitter, LONGEST_DELAY_MS, STABLE_MS } from "../src/mounts/backoff.ts";
import { MAX_TOOLS } from "../src/mounts/catalogue.ts";
import type { Connection, ConnectOptions } from "../src/mounts/mount.ts";
import { MountError } from "../src/mounts/mount-error.ts";
import { SupervisedMount } from "../src/mounts/supervised-mount.ts";
import { DEFAULTS, type MountSettings } from "../src/settings/spec.ts";
import { until } from "./shared/testing/within.ts";

const FIXTURE = new URL("./fixtures/server.js", import.meta.url).href;
const { server } = (await import(FIXTURE)) as { server: ServerModule };

const signal = new AbortController().signal;
const context = { signal, era: "modern" } as const;

interface Setup {
  connect(options: ConnectOptions): Promise<Connection>;
  now?: () => Date;
  startTimeoutMs?: number;
  onDown?: "keep" | "hide";
}

const settings: MountSettings = {
  ...DEFAULTS,
  name: "alpha",
  prefix: "alpha",
  required: false,
  tools: { deny: [] },
  credentials: [],
};

function supervise({ connect, now, startTimeoutMs = 60_000, onDown = "keep" }: Setup) {
  const states: string[] = [];
  const events: ServerEvent["kind"][] = [];
  const failures: number[] = [];
  const mount = new SupervisedMount({
    settings: { ...settings, startTimeoutMs, onDown },
    connector: { lastKnown: () => undefined, connect },
    backoff: (count) => {
      failures.push(count);
      return 1;
    },
    listener: {
      onStatus: ({ status }) => states.push(status.state),
      onEvent: (_, { kind }) => events.push(kind),
    },
    log: silentLog,
    ...(now && { now }),
  });
  onTestFinished(() => mount.close());
  return { mount, states, events, failures };
}

async function open(
  { onEvent }: ConnectOptions,
  more: Partial<Instance> = {},
): Promise<Connection> {
  const instance = await server.open({ env: {}, onEvent });
  return { module: server, instance: Object.assign(instance, more) };
}

it("tries again until it is up, later each time, and tells when its lists came", async () => {
  let tries = 0;
  const { mount, states, events, failures } = supervise({
    connect: async (options) => {
      if (++tries < 4) throw new Error("not yet");
      return open(options);
    },
  });
  mount.start();
  await until(() => mount.status.state === "ready", "Being ready");
  expect(states).toEqual(["backoff", "backoff", "backoff", "ready"]);
  expect(failures).toEqual([0, 1, 2]);
  expect(events).toEqual(["tools_list_changed", "prompts_list_changed", "resources_list_changed"]);
});

it("does not try again what cannot come", async () => {
  const { mount, failures } = supervise({
    connect: () => Promise.reject(new MountError("never", { retry: false })),
  });
  mount.start();
  await mount.settled;
  expect(mount.status).toEqual({ state: "failed", reason: "never" });
  expect(failures).toEqual([]);
});

it("closes a server that opens after its time, and shows nothing of it", async () => {
  let closed = 0;
  let tries = 0;
  const { mount } = supervise({
    startTimeoutMs: 100,
    connect: async (options) => {
      if (++tries === 1) await new Promise((resolve) => setTimeout(resolve, 300));
      else await new Promise(() => {});
      return open(options, { close: async () => void closed++ });
    },
  });
  mount.start();
  await until(() => closed === 1, "Closing");
  expect(mount.status.state).toBe("backoff");
});

it("counts failures anew after it has been stable", async () => {
  let time = 0;
  let emit = (_: ServerEvent) => {};
  let broken = false;
  const { mount, failures } = supervise({
    now: () => new Date(time),
    connect: async (options) => {
      emit = options.onEvent;
      const connection = await open(options);
      const tools = () => (broken ? [{ name: "no schema" }] : []);
      Object.defineProperty(connection.instance, "tools", { get: tools });
      return connection;
    },
  });
  mount.start();
  const failAfter = async (ms: number) => {
    await until(() => mount.status.state === "ready", "Being ready");
    time += ms;
    broken = true;
    emit({ kind: "tools_list_changed" });
    broken = false;
    expect(mount.status.reason).toContain("its list is malformed");
  };
  await failAfter(0);
  await failAfter(STABLE_MS - 1);
  await failAfter(STABLE_MS);
  expect(failures).toEqual([0, 1, 0]);
});

it.each([
  [
    "too many tools",
    Array.from({ length: MAX_TOOLS + 1 }, (_, index) => ({
      name: `t${index}`,
      inputSchema: { type: "object" },
    })),
  ],
  ["two of a name", [0, 1].map(() => ({ name: "same", inputSchema: { type: "object" } }))],
  ["a name with spaces", [{ name: "a b", inputSchema: { type: "object" } }]],
  ["a tool without schema", [{ name: "a" }]],
])("does not show %s, which would break the lists of all", async (_, tools) => {
  const { mount } = supervise({
    connect: async (options) => {
      const connection = await open(options);
      Object.defineProperty(connection.instance, "tools", { value: tools });
      return connection;
    },
  });
  mount.start();
  await mount.settled;
  expect(mount.status.reason).toContain("its list is malformed");
  expect(mount.catalogue.tools).toEqual([]);
});

it("answers for a server that answers with nothing, and when the caller leaves", async () => {
  const { mount } = supervise({
    connect: (options) =>
      open(options, {
        call: async (tool) => (tool === "slow" ? new Promise(() => {}) : (undefined as never)),
      }),
  });
  mount.start();
  await mount.settled;
  const nothing = await mount.instance.call("echo", {}, context);
  expect(JSON.stringify(nothing)).toContain("UNKNOWN");
  const caller = new AbortController();
  const left = mount.instance.call("slow", {}, { ...context, signal: caller.signal });
  caller.abort();
  expect(JSON.stringify(await left)).toContain("CANCELLED");
});

it("closes once, and is not tried again after that", async () => {
  let opened = 0;
  const { mount, states } = supervise({
    connect: (options) => {
      opened++;
      return open(options, { close: () => Promise.reject(new Error("cannot close")) });
    },
  });
  mount.start();
  await mount.settled;
  await mount.close();
  expect(mount.status.state).toBe("closed");
  expect(JSON.stringify(await mount.instance.call("echo", {}, context))).toContain("UNAVAILABLE");
  expect([opened, states]).toEqual([1, ["ready"]]);
});

it("waits at random up to a doubling limit", () => {
  const longest = fullJitter(() => 1);
  expect([0, 1, 2].map(longest)).toEqual([FIRST_DELAY_MS, 2 * FIRST_DELAY_MS, 4 * FIRST_DELAY_MS]);
  expect(longest(6)).toBe(LONGEST_DELAY_MS);
  expect(longest(5_000)).toBe(LONGEST_DELAY_MS);
  expect(fullJitter(() => 0)(3)).toBe(0);
});

it.each([
  ["keep", ["tools_list_changed"]],
  ["hide", ["tools_list_changed", "tools_list_changed"]],
] as const)("shows its tools while it is down as its entry says: %s", async (onDown, told) => {
  let gone: (error: Error) => void = () => {};
  const opened: Promise<void>[] = [];
  let goOn = () => {};
  const { mount, events } = supervise({
    onDown,
    connect: async (options) => {
      gone = options.onGone;
      await opened.shift();
      return open(options);
    },
  });
  mount.start();
  await until(() => mount.status.state === "ready", "Being ready");
  const names = () => mount.catalogue.tools.map(({ name }) => name);
  const before = names();
  opened.push(new Promise((resolve) => (goOn = resolve)));
  gone(new Error("it ended"));
  expect(names()).toEqual(onDown === "keep" ? before : []);
  const called = await mount.instance.call("echo", {}, context);
  expect(JSON.stringify(called), "it is there, only not now").toContain("UNAVAILABLE");
  expect(events.filter((kind) => kind.startsWith("tools"))).toEqual(told);
  goOn();
  await until(() => mount.status.state === "ready", "Being ready again");
  expect(names()).toEqual(before);
});
