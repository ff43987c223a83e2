import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { httpWire } from "../src/foreign/http-wire.ts";
import { until, within } from "./shared/testing/within.ts";

/** A server of 2025 that never answers a DELETE; says what is open and what it was sent. */
async function startSilent() {
  const sent: string[] = [];
  let listening = 0;
  const server = createServer((request, response) => {
    sent.push(`${request.method} ${request.headers["mcp-session-id"] ?? "none"}`);
    if (request.method === "GET") {
      response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
      listening++;
      response.on("close", () => listening--);
    }
    if (request.method !== "POST") return;
    response.writeHead(200, { "content-type": "application/json", "mcp-session-id": "one" });
    response.end('{"jsonrpc":"2.0","id":1,"result":{}}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { sent, isListening: () => listening > 0, url: new URL(`http://127.0.0.1:${port}/mcp`) };
}

it("a server of 2025 that never answers to the end of its session is closed all the same", async () => {
  const { sent, isListening, url } = await startSilent();
  const nothing = () => {};
  const wire = httpWire({ url, headers: {}, onDoubt: nothing, onGone: nothing });
  const { signal } = new AbortController();
  const initialize = { jsonrpc: "2.0", id: 1, method: "initialize", params: {} };
  await wire.request(initialize, { signal, onMessage: nothing });
  wire.agreed("2025-11-25", false);
  await until(isListening, "The stream of changes");
  const closed = wire.close();
  await within(closed, () => "The close did not end");
  await until(() => !isListening(), "The end of the stream");
  expect(sent).toEqual(["POST none", "GET one", "DELETE one"]);
});
