import { beforeAll, beforeEach, expect, test } from "vitest";
import type { Instance, ServerModule } from "#shared/core/contract.ts";
import { silentLog } from "#shared/core/log.ts";
import { createEndpoint } from "#shared/mcp/endpoint.ts";
import { accessPolicy } from "#shared/mcp/guards.ts";
import { listen } from "#shared/mcp/http-server.ts";
import { Listeners } from "#shared/mcp/listeners.ts";
import { type Era, headersFor, paramsFor } from "#shared/testing/messages.ts";
import { until } from "#shared/testing/within.ts";
import { server } from "./testing-server/server.ts";

const watched: string[] = [];
const listeners = new Listeners((principal) => principal && { key: principal.id, limit: 2 });
let url = "";

beforeAll(async () => {
  const opened = await server.open({ env: {} });
  const watch = (sign: string) => async (uri: string) => {
    if (uri === "none://") return { error: { code: -32602, message: "There is no none://" } };
    watched.push(sign + uri);
    return { result: {} };
  };
  const instance: Instance = Object.create(opened, {
    subscribe: { value: watch("+") },
    unsubscribe: { value: watch("-") },
  });
  const features = { ...server.features, subscribe: true };
  const module: ServerModule = Object.create(server, { features: { value: features } });
  const endpoint = createEndpoint(module, instance, silentLog, { listeners });
  const http = await listen({
    host: "127.0.0.1",
    port: 0,
    policy: accessPolicy("127.0.0.1", [], []),
    handle: (request, response, signal) => {
      const id = String(request.headers["x-who"]);
      return endpoint.handle(request, response, signal, { id, scopes: [] });
    },
    onError: (error) => {
      throw error;
    },
  });
  url = `http://127.0.0.1:${http.address.port}/mcp`;
  return () => http.close(0);
});
beforeEach(() => void watched.splice(0));

const post = (
  era: Era,
  method: string,
  given: object,
  { who = "one", signal }: { who?: string; signal?: AbortSignal } = {},
) => {
  const params = paramsFor(era, { ...given });
  return fetch(url, {
    method: "POST",
    headers: { ...headersFor(era, method, params), "x-who": who },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    ...(signal && { signal }),
  });
};
/** Responses that nobody has any longer are given up, and their streams with them. */
const kept: Response[] = [];
async function hear(uri: string, options: { who?: string; signal: AbortSignal }) {
  const params = { notifications: { resourceSubscriptions: [uri] } };
  const response = await post("modern", "subscriptions/listen", params, options);
  kept.push(response);
  return response;
}

test("a client of 2025, which would hear nothing, has nothing watched and ends nobody's watching", async () => {
  const leaving = new AbortController();
  await hear("a://one", { signal: leaving.signal });
  await until(() => watched.length === 1, "The watching");
  const text = async (method: string, uri: string) =>
    (await post("legacy", method, { uri })).text();
  expect(await text("resources/subscribe", "a://two")).toContain('"result"');
  expect(await text("resources/subscribe", "none://")).toContain("There is no none://");
  expect(await text("resources/unsubscribe", "a://one")).toContain('"result"');
  expect(watched).toEqual(["+a://one", "+a://two", "-a://two"]);
  leaving.abort();
  await until(() => watched.at(-1) === "-a://one", "The end");
});

test("a client has so many streams, and one that leaves has its place and what it watched given back", async () => {
  const mine = [new AbortController(), new AbortController()];
  const mineAt = (index: number) => hear(`a://${index}`, { signal: signalOf(mine[index]) });
  const signalOf = (one: AbortController | undefined) => one?.signal ?? AbortSignal.abort();
  expect([(await mineAt(0)).status, (await mineAt(1)).status]).toEqual([200, 200]);
  const refused = await hear("a://3", { signal: new AbortController().signal });
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "10"]);
  expect(await refused.json()).toMatchObject({
    error: { message: expect.stringContaining("10 s") },
  });
  const other = new AbortController();
  expect((await hear("a://4", { who: "two", signal: other.signal })).status).toBe(200);
  expect([listeners.open, listeners.clients]).toEqual([3, 2]);
  mine[0]?.abort();
  await until(() => listeners.open === 2, "The first place");
  const again = new AbortController();
  expect((await hear("a://5", { signal: again.signal })).status).toBe(200);
  for (const one of [...mine, other, again]) one.abort();
  await until(() => listeners.open === 0, "All places");
  expect(listeners.clients).toBe(0);
  await until(() => watched.length === 8, "The end of all watching");
});

test("who is refused takes no place", async () => {
  const params = { notifications: "nothing" };
  for (let count = 0; count < 5; count++) {
    const answer = await post("modern", "subscriptions/listen", params);
    expect(await answer.text()).toContain("-32602");
    expect((await post("legacy", "subscriptions/listen", {})).status).not.toBe(429);
  }
  await until(() => listeners.open === 0, "All places");
});
