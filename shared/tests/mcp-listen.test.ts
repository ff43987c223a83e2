import { expect, it } from "vitest";
import { createListening, isListen, listenedUris } from "../mcp/listen.ts";

const listen = (notifications: unknown) => ({
  jsonrpc: "2.0",
  id: 1,
  method: "subscriptions/listen",
  params: { notifications },
});

function watched() {
  const told: string[] = [];
  const instance = {
    subscribe: async (uri: string) => {
      told.push(`+${uri}`);
      return uri === "none" ? { error: { code: -32602, message: "none" } } : { result: {} };
    },
    unsubscribe: async (uri: string) => {
      told.push(`-${uri}`);
      return { result: {} };
    },
  };
  return { told, listening: createListening(instance) };
}

it("reads what a listener wants to hear of, whatever else it is sent", () => {
  expect(listenedUris(listen({ resourceSubscriptions: ["a", "b", "a", 1] }))).toEqual(["a", "b"]);
  for (const body of [listen({}), listen(null), { params: 1 }, null, "text"])
    expect(listenedUris(body)).toEqual([]);
  expect([isListen(listen({})), isListen({ method: "ping" }), isListen(null)]).toEqual([
    true,
    false,
    false,
  ]);
});

it("subscribes for as long as the listener stays", async () => {
  const { told, listening } = watched();
  const client = new AbortController();
  await listening.hold(listen({ resourceSubscriptions: ["a", "none"] }), client.signal);
  expect(told).toEqual(["+a", "+none"]);
  client.abort();
  expect(told, "what there is not was never subscribed to").toEqual(["+a", "+none", "-a"]);
  listening.letGo();
  expect(told).toHaveLength(3);
});

it("unsubscribes for all who listen when the streams end", async () => {
  const { told, listening } = watched();
  const client = new AbortController();
  await listening.hold(listen({ resourceSubscriptions: ["a"] }), client.signal);
  listening.letGo();
  client.abort();
  expect(told).toEqual(["+a", "-a"]);
});

it("leaves at once when the client has left meanwhile", async () => {
  const { told, listening } = watched();
  const client = new AbortController();
  const held = listening.hold(listen({ resourceSubscriptions: ["a"] }), client.signal);
  client.abort();
  await held;
  expect(told).toEqual(["+a", "-a"]);
});
