import type { IncomingMessage, ServerResponse } from "node:http";
import type { RouteHandler } from "#shared/mcp/http-server.ts";
import { sendJson } from "#shared/mcp/node-http.ts";
import { isDocsPath, sendDocs } from "../docs/pages.ts";
import type { Mount } from "../mounts/mount.ts";
import { HOLD_MS, settledWithin } from "../mounts/mounts.ts";
import { documentOf } from "../rest/document.ts";
import { callTool, findMount, listTools, sendUnknownServer } from "../rest/rest.ts";
import type { Surfaces } from "../surfaces.ts";
import { parsePath, type Route } from "./path.ts";
import { readiness } from "./readiness.ts";

export interface Routed {
  /** Who the gateway is, for the index and the documents. */
  about: { name: string; title: string; version: string; description: string };
  mounts: () => readonly Mount[];
  surfaces: Surfaces;
  /** What the settings say now. */
  settings: () => { publicUrl?: string | undefined; docs: boolean };
  stopping: AbortSignal;
}

/** Every path of the gateway. */
export function createRoutes(routed: Routed): RouteHandler {
  const { surfaces, mounts } = routed;
  const pages = createPages(routed);
  return async (request, response, signal) => {
    const path = request.url?.split("?", 1)[0] ?? "/";
    const route = parsePath(path);
    switch (route.kind) {
      case "aggregate":
        await settledWithin(mounts(), HOLD_MS);
        return surfaces.aggregate.handle(request, response, signal);
      case "server": {
        await settledWithin(only(mounts(), route.server), HOLD_MS);
        const endpoint = surfaces.server(route.server);
        if (endpoint) return endpoint.handle(request, response, signal);
        break;
      }
      case "profile": {
        await settledWithin(mounts(), HOLD_MS);
        const endpoint = surfaces.profile(route.profile);
        if (endpoint) return endpoint.handle(request, response, signal);
        break;
      }
      case "tools":
        return tools(request, response, route, mounts());
      case "tool":
        return tool(request, response, signal, route, mounts());
      case "page":
        break;
    }
    request.resume();
    await pages(request, response, path, route);
  };
}

const only = (mounts: readonly Mount[], name: string) =>
  mounts.filter((mount) => mount.name === name);

async function tools(
  request: IncomingMessage,
  response: ServerResponse,
  { server }: Route & { kind: "tools" },
  mounts: readonly Mount[],
): Promise<void> {
  request.resume();
  await settledWithin(only(mounts, server), HOLD_MS);
  const mount = findMount(mounts, {}, server);
  if (!mount) return sendUnknownServer(response, mounts, server);
  if (isReading(request)) listTools(response, {}, mount);
  else sendNotAllowed(response, "GET, HEAD");
}

async function tool(
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
  route: Route & { kind: "tool" },
  mounts: readonly Mount[],
): Promise<void> {
  await settledWithin(only(mounts, route.server), HOLD_MS);
  const mount = findMount(mounts, {}, route.server);
  if (mount && request.method === "POST")
    return callTool(request, response, signal, {}, mount, route.tool);
  request.resume();
  // a link that is followed must not run anything
  if (mount) sendNotAllowed(response, "POST");
  else sendUnknownServer(response, mounts, route.server);
}

const isReading = ({ method }: IncomingMessage) => method === "GET" || method === "HEAD";

interface Answer {
  status: number;
  body: object;
}

function send(response: ServerResponse, { status, body }: Answer, headers = {}): void {
  sendJson(response, status, JSON.stringify(body), headers);
}

function sendNotAllowed(response: ServerResponse, allow: string): void {
  const body = { error: `Method not allowed here: use ${allow.split(",")[0]}` };
  send(response, { status: 405, body }, { allow });
}

/** What is no call: the index, health and the documentation. */
function createPages(routed: Routed) {
  const { about, mounts, settings, stopping } = routed;
  const plain = new Map<string, () => Answer>([
    ["/", () => ({ status: 200, body: index(routed) })],
    ["/health", () => ({ status: 200, body: { status: "ok" } })],
    ["/ready", () => ready(mounts(), stopping)],
  ]);
  const whole = documentOf(mounts, () => ({ ...about, publicUrl: settings().publicUrl }));
  const single = new WeakMap<Mount, ReturnType<typeof documentOf>>();
  const documentOfServer = (mount: Mount) => {
    const made =
      single.get(mount) ??
      documentOf(
        () => [mount],
        () => ({ ...mount.catalogue, publicUrl: settings().publicUrl }),
      );
    single.set(mount, made);
    return made;
  };

  return async (
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    route: Route,
  ): Promise<void> => {
    const document = (): ReturnType<typeof documentOf> | undefined => {
      if (path === "/openapi.json") return whole;
      const [, server, file] = path.split("/");
      const mount = file === "openapi.json" ? findMount(mounts(), {}, server ?? "") : undefined;
      return mount && documentOfServer(mount);
    };
    const page = plain.get(path);
    const found = settings().docs ? document() : undefined;
    const isDocs = settings().docs && isDocsPath(path);
    if (!page && !found && !isDocs)
      return send(response, { status: 404, body: { error: notFound(mounts(), route) } });
    if (!isReading(request)) return sendNotAllowed(response, "GET, HEAD");
    if (page) return send(response, page());
    if (isDocs) return sendDocs(request, response, path);
    await settledWithin(mounts(), HOLD_MS);
    found?.(request, response);
  };
}

function ready(mounts: readonly Mount[], stopping: AbortSignal): Answer {
  const report = readiness(mounts, stopping.aborted);
  return { status: report.status === "ready" ? 200 : 503, body: report };
}

/** Paths, not URLs: by which name the gateway was reached is the caller's word. */
function index({ about, mounts, settings }: Routed): object {
  const servers = mounts().map(({ name, status, catalogue }) => ({
    name,
    title: catalogue.title,
    state: status.state,
    tools: catalogue.tools.length,
    mcp: `/${name}/mcp`,
    rest: `/${name}/tools`,
  }));
  const docs = settings().docs && { docs: "/docs", redoc: "/redoc", openapi: "/openapi.json" };
  const { name, title, version } = about;
  return { name, title, version, mcp: "/mcp", ...docs, servers };
}

function notFound(mounts: readonly Mount[], route: Route): string {
  const known = mounts.map((mount) => mount.name).join(", ") || "none";
  if (route.kind === "server")
    return `No server is called "${route.server}". The servers are: ${known}.`;
  if (route.kind === "profile") return `No profile is called "${route.profile}".`;
  return `Not found. MCP is at /mcp for all servers and at /{server}/mcp for one; the servers are: ${known}.`;
}
