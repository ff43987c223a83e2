import { beforeAll, describe, expect, it, vi } from "vitest";
import type { Instance, JsonObject } from "#shared/core/contract.ts";
import { liveAnswers } from "#shared/mcp/answers.ts";
import { createConnection } from "#shared/mcp/connection.ts";
import { type FetchableServer, withFetch } from "#shared/mcp/define-server.ts";
import { paramsFor } from "#shared/testing/messages.ts";
import { until } from "#shared/testing/within.ts";
import { openTestServer, testServer } from "./support/differential-server.ts";

const initialize: JsonObject = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: { elicitation: {} },
    clientInfo: { name: "c", version: "1" },
  },
};
const initialized: JsonObject = { jsonrpc: "2.0", method: "notifications/initialized" };
const call = (id: number, name: string, input: JsonObject = {}): JsonObject => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name, arguments: input },
});
const cancel = (requestId: number): JsonObject => ({
  jsonrpc: "2.0",
  method: "notifications/cancelled",
  params: { requestId },
});

let server: FetchableServer;
let instance: Instance;
beforeAll(async () => {
  server = withFetch(testServer());
  instance = await openTestServer(server);
});

/** What the load waits for. */
function createGate() {
  let resolve = () => {};
  let reject = (_: Error) => {};
  const promise = new Promise<void>((done, fail) => {
    resolve = done;
    reject = fail;
  });
  return { promise, resolve, reject };
}

function connect(overrides: Partial<Instance> = {}) {
  const sent: JsonObject[] = [];
  const gate = createGate();
  const onBroken = vi.fn();
  const used = { ...instance, call: vi.fn(instance.call), ...overrides };
  const load = vi.fn(async () => {
    await gate.promise;
    return { module: server, instance: used };
  });
  const loadSdk = vi.spyOn(server, "loadSdk");
  loadSdk.mockClear();
  const connection = createConnection({
    answers: liveAnswers(server, used),
    load,
    write: async (text) => void sent.push(JSON.parse(text)),
    onIdle: () => {},
    onError: () => {},
    onBroken,
  });
  const receive = (...messages: JsonObject[]) => messages.forEach(connection.receive);
  const answerTo = async (id: number) => {
    const find = () => sent.find((message) => message.id === id && !("method" in message));
    await until(() => find() !== undefined, `The answer to ${id}`);
    return find();
  };
  return { ...connection, receive, answerTo, sent, used, gate, load, loadSdk, onBroken };
}

describe("A connection", () => {
  it("loads nothing for a hello, a ping, and what concerns nobody", async () => {
    const { receive, sent, load } = connect();
    receive(
      initialize,
      initialized,
      { jsonrpc: "2.0", id: 1, method: "ping" },
      cancel(77),
      { jsonrpc: "2.0", method: "notifications/roots/list_changed" },
      { jsonrpc: "2.0", id: 5, result: {} },
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent.map(({ id }) => id)).toEqual([0, 1]);
    expect(load).not.toHaveBeenCalled();
  });

  it("loads the server after a list, and the SDK only for what needs it", async () => {
    const { receive, answerTo, load, loadSdk, gate } = connect();
    receive(initialize, initialized, { jsonrpc: "2.0", id: 1, method: "tools/list" });
    await until(() => load.mock.calls.length === 1, "The load");
    gate.resolve();
    receive(call(2, "add_numbers"));
    await answerTo(2);
    expect(loadSdk).not.toHaveBeenCalled();
    receive({ jsonrpc: "2.0", id: 3, method: "resources/list" });
    await answerTo(3);
    expect(loadSdk).toHaveBeenCalledTimes(1);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it("does not run a call that was cancelled while the server loaded", async () => {
    const { receive, answerTo, sent, used, gate, isIdle } = connect();
    receive(initialize, call(1, "add_numbers"), cancel(1), call(2, "add_numbers"));
    gate.resolve();
    await answerTo(2);
    expect(used.call).toHaveBeenCalledTimes(1);
    expect(sent.map(({ id }) => id)).toEqual([0, 2]);
    expect(isIdle()).toBe(true);
  });

  it("runs a call up to its question once, and once more with the answer", async () => {
    const { receive, answerTo, sent, used, gate } = connect();
    gate.resolve();
    receive(initialize, initialized, call(1, "ask_something"));
    const isQuestion = ({ method }: JsonObject) => method === "elicitation/create";
    await until(() => sent.some(isQuestion), "The question");
    expect(used.call).toHaveBeenCalledTimes(1);
    const result = { action: "accept", content: { choice: "this" } };
    receive({ jsonrpc: "2.0", id: sent.find(isQuestion)?.id, result });
    expect(await answerTo(1)).toMatchObject({
      result: { structuredContent: { answers: { form: result } } },
    });
    expect(used.call).toHaveBeenCalledTimes(2);
    expect(sent.filter(({ method }) => method === "notifications/message")).toHaveLength(2);
  });

  it("is not idle while a call runs, and does not wait for what is never answered", async () => {
    const { receive, answerTo, isIdle, gate } = connect();
    receive(initialize, { ...call(1, "add_numbers"), id: 1.5 }, { ...call(1, "x"), extra: true });
    expect(isIdle()).toBe(true);
    receive(call(2, "add_numbers"));
    expect(isIdle()).toBe(false);
    gate.resolve();
    await answerTo(2);
    expect(isIdle()).toBe(true);
  });

  it("answers with an error when an instance breaks its promise not to throw", async () => {
    const { receive, answerTo, gate } = connect({
      call: () => Promise.reject(new Error("broken")),
    });
    gate.resolve();
    receive(initialize, call(1, "add_numbers"));
    expect(await answerTo(1)).toEqual({
      jsonrpc: "2.0",
      id: 1,
      error: { code: -32_603, message: "Internal error" },
    });
  });

  it("says that it is broken when the server cannot be loaded", async () => {
    const { receive, answerTo, gate, onBroken } = connect();
    gate.reject(new Error("no such file"));
    receive(initialize, call(1, "add_numbers"));
    await answerTo(1);
    expect(onBroken).toHaveBeenCalledWith(new Error("no such file"));
  });
});

describe("a client of 2026-07-28 that listens for changes of a resource", () => {
  const listen = (id: number): JsonObject => ({
    jsonrpc: "2.0",
    id,
    method: "subscriptions/listen",
    params: paramsFor("modern", { notifications: { resourceSubscriptions: ["test://watched"] } }),
  });
  const connectWatched = () => {
    const done = async () => ({ result: {} });
    const watching = { subscribe: vi.fn(done), unsubscribe: vi.fn(done) };
    const connected = connect(watching);
    connected.gate.resolve();
    return { ...connected, ...watching };
  };

  it("has it watched until it ends the listening", async () => {
    const { receive, subscribe, unsubscribe } = connectWatched();
    receive(listen(1));
    await until(() => subscribe.mock.calls.length > 0, "A watch");
    expect(subscribe).toHaveBeenCalledWith("test://watched");
    expect(unsubscribe).not.toHaveBeenCalled();
    receive(cancel(1));
    await until(() => unsubscribe.mock.calls.length > 0, "Its end");
    expect(unsubscribe).toHaveBeenCalledWith("test://watched");
  });

  it("has it watched until the connection ends", async () => {
    const { receive, close, subscribe, unsubscribe } = connectWatched();
    receive(listen(1), listen(2));
    await until(() => subscribe.mock.calls.length === 2, "Both watches");
    await close();
    expect(unsubscribe).toHaveBeenCalledTimes(2);
  });

  it("is none when it speaks an earlier revision", async () => {
    const { receive, answerTo, subscribe } = connectWatched();
    receive(initialize, initialized, { ...listen(1), params: {} });
    expect(await answerTo(1)).toHaveProperty("error");
    expect(subscribe).not.toHaveBeenCalled();
  });
});
