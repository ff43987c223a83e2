import type { IncomingMessage, ServerResponse } from "node:http";
import type { Endpoint } from "#shared/mcp/endpoint.ts";
import type { RouteHandler } from "#shared/mcp/http-server.ts";
import { sendJson } from "#shared/mcp/node-http.ts";
import type { Mount } from "../mounts/mount.ts";
import { HOLD_MS, settledWithin } from "../mounts/mounts.ts";
import { SERVER_NAME } from "../settings/names.ts";
import { readiness } from "./readiness.ts";

export interface Routed {
  /** Who the gateway is, for the index. */
  about: { name: string; title: string; version: string };
  mounts: readonly Mount[];
  /** By name of the mount. */
  endpoints: ReadonlyMap<string, Endpoint>;
  aggregate: Endpoint;
  stopping: AbortSignal;
}

/** Every path of the gateway. */
export function createRoutes(routed: Routed): RouteHandler {
  const pages = new Map<string, () => Answer>([
    ["/", () => ({ status: 200, body: index(routed) })],
    ["/health", () => ({ status: 200, body: { status: "ok" } })],
    ["/ready", () => ready(routed)],
  ]);
  return async (request, response, signal) => {
    const path = request.url?.split("?", 1)[0] ?? "/";
    if (path === "/mcp") {
      await settledWithin(routed.mounts, HOLD_MS);
      return routed.aggregate.handle(request, response, signal);
    }
    const name = serverOf(path);
    const endpoint = name === undefined ? undefined : routed.endpoints.get(name);
    if (endpoint) {
      await settledWithin(
        routed.mounts.filter((mount) => mount.name === name),
        HOLD_MS,
      );
      return endpoint.handle(request, response, signal);
    }
    request.resume();
    const page = pages.get(path);
    if (page) return sendPage(request, response, page);
    send(response, { status: 404, body: { error: notFound(routed.mounts, name) } });
  };
}

interface Answer {
  status: number;
  body: object;
}

const PATH = /^\/([^/]+)\/mcp$/;

/** The server that a path names; undefined when it names none, or none that there could be. */
function serverOf(path: string): string | undefined {
  const name = PATH.exec(path)?.[1];
  return name !== undefined && SERVER_NAME.test(name) ? name : undefined;
}

function send(
  response: ServerResponse,
  { status, body }: Answer,
  headers?: Record<string, string>,
) {
  sendJson(response, status, JSON.stringify(body), headers);
}

function sendPage(request: IncomingMessage, response: ServerResponse, page: () => Answer): void {
  if (request.method === "GET" || request.method === "HEAD") send(response, page());
  else {
    const body = { error: "Method not allowed here: use GET" };
    send(response, { status: 405, body }, { allow: "GET, HEAD" });
  }
}

function ready({ mounts, stopping }: Routed): Answer {
  const report = readiness(mounts, stopping.aborted);
  return { status: report.status === "ready" ? 200 : 503, body: report };
}

/** Paths, not URLs: by which name the gateway was reached is the caller's word. */
function index({ about, mounts }: Routed): object {
  const servers = mounts.map(({ name, status, catalogue }) => ({
    name,
    title: catalogue.title,
    state: status.state,
    tools: catalogue.tools.length,
    mcp: `/${name}/mcp`,
  }));
  return { ...about, mcp: "/mcp", servers };
}

function notFound(mounts: readonly Mount[], name: string | undefined): string {
  const known = mounts.map((mount) => mount.name).join(", ") || "none";
  return name === undefined
    ? `Not found. MCP is at /mcp for all servers and at /{server}/mcp for one; the servers are: ${known}.`
    : `No server is called "${name}". The servers are: ${known}.`;
}
