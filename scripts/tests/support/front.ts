import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { onTestFinished } from "vitest";

export interface FrontOptions {
  /** What stands between its host and the server's /mcp. */
  prefix?: string;
  /** Without it everything but health is refused. */
  key?: string;
  /** Status of /health and /ready; 404 when there are none. */
  health?: number;
  delayMs?: number;
  /** Changes what the server answers. */
  change?(text: string): string;
  /** Serves over TLS with these. */
  tls?: { key: string; cert: string };
}

/** Stands before a server as a host does, and spoils what a test wants spoilt. */
export async function front(server: string, options: FrontOptions = {}): Promise<string> {
  const { prefix = "", key, health = 200, delayMs = 0, change = (text) => text, tls } = options;
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    if (/^\/(health|ready)$/.test(request.url ?? ""))
      return response.writeHead(health).end('{"status":"x"}');
    if (request.url !== `${prefix}/mcp`) return response.writeHead(404).end();
    if (key && request.headers.authorization !== `Bearer ${key}`)
      return response.writeHead(401).end('{"error":"a key is needed"}');
    await delay(delayMs);
    const answer = await forward(server, request);
    return response.writeHead(answer.status, answer.headers).end(change(answer.text));
  };
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    handle(request, response).catch((error) => response.destroy(error));
  };
  const http = tls ? createSecureServer(tls, listener) : createServer(listener);
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  return `${tls ? "https" : "http"}://localhost:${port}${prefix}/mcp`;
}

async function forward(server: string, request: IncomingMessage) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { host: _, connection: __, "content-length": ___, ...headers } = request.headers;
  const { method = "GET" } = request;
  const body = method === "POST" ? Buffer.concat(chunks) : null;
  const sent = Object.entries(headers).map(([name, value]): [string, string] => [name, `${value}`]);
  const answer = await fetch(server, { method, headers: sent, body });
  const type = answer.headers.get("content-type") ?? "application/json";
  return { status: answer.status, headers: { "content-type": type }, text: await answer.text() };
}
