import type { ServerResponse } from "node:http";
import { endWhenStalled } from "#shared/mcp/node-http.ts";

/** Milliseconds between the comments that keep a stream alive. */
const KEEP_ALIVE_MS = 15_000;

/** Server-sent events of one call: what it reports, then how it ended. */
export function eventStream(response: ServerResponse) {
  response.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
  });
  response.flushHeaders();
  endWhenStalled(response);
  const timer = setInterval(() => response.write(": keep-alive\n\n"), KEEP_ALIVE_MS);
  response.once("close", () => clearInterval(timer));
  const send = (event: string, data: unknown) => {
    if (response.destroyed || response.writableEnded) return;
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  return {
    send,
    end: (event: string, data: unknown) => {
      send(event, data);
      clearInterval(timer);
      response.end();
    },
  };
}
