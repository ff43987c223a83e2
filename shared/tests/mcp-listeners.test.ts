import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import {
  Listeners,
  type ListenRefusal,
  MAX_LISTENED_URIS,
  MAX_LISTENERS,
} from "#shared/mcp/listeners.ts";
import { sendWebResponse } from "#shared/mcp/node-http.ts";
import { until } from "#shared/testing/within.ts";

const listen = (uris: readonly string[] = []) => ({
  method: "subscriptions/listen",
  params: { notifications: { resourceSubscriptions: uris } },
});
const by = (id: string) => ({ id, scopes: [] });

function enter(listeners: Listeners, id?: string): (() => void) | ListenRefusal {
  const place = listeners.enter(listen(), id === undefined ? undefined : by(id));
  return place.leave ?? place.refusal;
}

it("so many streams are open in all, and one that ends makes room", () => {
  const listeners = new Listeners();
  const leave = Array.from({ length: MAX_LISTENERS }, () => enter(listeners));
  expect(leave.every((one) => typeof one === "function")).toBe(true);
  expect(enter(listeners)).toMatchObject({ status: 503, headers: { "retry-after": "10" } });
  expect(listeners.open).toBe(MAX_LISTENERS);
  const [first] = leave;
  if (typeof first !== "function") throw new Error("There was no place");
  first();
  first();
  expect(listeners.open, "a place is given back once").toBe(MAX_LISTENERS - 1);
  expect(enter(listeners)).toBeTypeOf("function");
  expect(enter(listeners)).toMatchObject({ status: 503 });
});

it("so many are of one client, and nothing is kept of one that has left", () => {
  const listeners = new Listeners((principal) => principal && { key: principal.id, limit: 2 });
  const own = [enter(listeners, "a"), enter(listeners, "a")];
  expect(enter(listeners, "a")).toMatchObject({ status: 429, headers: { "retry-after": "10" } });
  expect(enter(listeners, "b")).toBeTypeOf("function");
  expect(enter(listeners), "who is not told apart has no share").toBeTypeOf("function");
  expect([listeners.open, listeners.clients]).toEqual([4, 2]);
  for (const leave of own) if (typeof leave === "function") leave();
  expect([listeners.open, listeners.clients]).toEqual([2, 1]);
  expect(enter(listeners, "a")).toBeTypeOf("function");
});

it("one stream is for so many resources", () => {
  const listeners = new Listeners();
  const uris = Array.from({ length: MAX_LISTENED_URIS + 1 }, (_, index) => `a://${index}`);
  expect(listeners.enter(listen(uris.slice(1)), undefined).leave).toBeTypeOf("function");
  expect(listeners.enter(listen(uris), undefined).refusal).toMatchObject({
    status: 400,
    code: -32602,
  });
  expect(listeners.open).toBe(1);
});

/** A server whose stream never ends by itself; its client sends a request. */
async function streaming(chunk: string, everyMs: number, stallMs: number) {
  let cancelled = false;
  const answer = async (response: ServerResponse) => {
    let timer: NodeJS.Timeout | undefined;
    const body = new ReadableStream({
      start: (controller) => {
        timer = setInterval(() => controller.enqueue(Buffer.from(chunk)), everyMs);
      },
      cancel: () => {
        clearInterval(timer);
        cancelled = true;
      },
    });
    await sendWebResponse(response, new Response(body), stallMs);
  };
  const server = createServer((_, response) => void answer(response));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  onTestFinished(() => void client.destroy());
  client.on("error", () => {});
  client.write("GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
  return { client, isOver: () => cancelled };
}

it("a stream ends whose reader takes nothing any longer", async () => {
  const { client, isOver } = await streaming("x".repeat(256 * 1_024), 5, 200);
  client.pause();
  await until(isOver, "The end of the stream");
});

it("a stream stays for a reader, also when there is little to read", async () => {
  const { client, isOver } = await streaming(": alive\n\n", 25, 500);
  let read = 0;
  client.on("data", () => read++);
  // that is three times as long as a reader may take nothing
  await until(() => read > 60, "The comments");
  expect(isOver()).toBe(false);
});
