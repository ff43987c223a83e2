import type { ServerResponse } from "node:http";
import { endWhenStalled } from "#shared/mcp/node-http.ts";
import { gatewayState, type StateSources } from "./state.ts";

/** Milliseconds between two states. */
export const STREAM_MS = 1_000;
/** Streams at a time: each costs a state a second. */
export const MAX_STREAMS = 16;
/** Seconds of the series in all states but the first: those that may be new. */
const NEW_SECONDS = 3;

let streams = 0;

/** Sends the state once a second, as server-sent events, until the reader leaves or the gateway stops. */
export function streamState(
  sources: StateSources & { stopping: AbortSignal },
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  if (streams >= MAX_STREAMS) {
    response.writeHead(503, { "retry-after": "5" }).end();
    return Promise.resolve();
  }
  response.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  });
  const { stopping } = sources;
  if (response.req.method === "HEAD" || signal.aborted || stopping.aborted) {
    response.end();
    return Promise.resolve();
  }
  endWhenStalled(response);
  const write = (seconds?: number) => {
    // whoever does not read gets the next one, not all of them
    if (response.writableNeedDrain) return;
    const state = gatewayState(sources, Date.now(), seconds);
    response.write(`event: state\ndata: ${JSON.stringify(state)}\n\n`);
  };
  streams++;
  write();
  return new Promise((resolve) => {
    const timer = setInterval(() => write(NEW_SECONDS), STREAM_MS);
    const end = () => {
      clearInterval(timer);
      streams--;
      signal.removeEventListener("abort", end);
      stopping.removeEventListener("abort", end);
      response.end();
      resolve();
    };
    signal.addEventListener("abort", end, { once: true });
    stopping.addEventListener("abort", end, { once: true });
  });
}
