import type { IncomingMessage, ServerResponse } from "node:http";
import type { Waited } from "#shared/core/leaving.ts";
import type { Identity } from "../access/caller.ts";
import type { Gatekeeper } from "../access/gatekeeper.ts";
import { isMetadataPath } from "../access/oauth/oauth.ts";
import type { AdminApi } from "../admin/api.ts";
import { isDashboard, sendDashboard } from "../dashboard/files.ts";
import { isDocsPath, sendDocs } from "../docs/pages.ts";
import type { Mount } from "../mounts/mount.ts";
import { HOLD_MS, settledWithin } from "../mounts/settled.ts";
import type { MountView } from "../policy/mount-view.ts";
import { documentOf } from "../rest/document.ts";
import type { GatewaySettings } from "../settings/spec.ts";
import type { Surfaces } from "../surfaces.ts";
import { isReading, send, sendNotAllowed } from "./answers.ts";
import type { Route } from "./path.ts";
import { readiness } from "./readiness.ts";

export interface PagesOptions {
  /** Who the gateway is, for the index and the documents. */
  about: { name: string; title: string; version: string; description: string };
  mounts: () => readonly Mount[];
  /** What the settings say now. */
  settings: () => Pick<GatewaySettings, "publicUrl" | "docs" | "access">;
  gatekeeper: () => Gatekeeper;
  admin: AdminApi;
  stopping: AbortSignal;
}

/** A request that is no call, by whom. */
export interface PageRequest {
  path: string;
  route: Route;
  identity: Identity;
  surfaces: Surfaces;
  leaving: Waited;
}

/** What is answered without a credential: whether the gateway lives, where to get a token, and files that are in every gateway. */
export const isPublic = (request: IncomingMessage, path: string): boolean =>
  path === "/health" ||
  path === "/ready" ||
  isMetadataPath(path) ||
  isDocsPath(path) ||
  isDashboard(request, path);

export async function sendPublic(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  { mounts, settings, gatekeeper, stopping }: PagesOptions,
): Promise<void> {
  request.resume();
  const isDocs = isDocsPath(path);
  const metadata = isMetadataPath(path) && gatekeeper().oauth?.metadata(path);
  if (isDocs ? !settings().docs : metadata === undefined)
    return send(response, 404, { error: "Not found." });
  if (!isReading(request)) return sendNotAllowed(response, "GET, HEAD");
  if (path === "/health") return send(response, 200, { status: "ok" });
  if (isDocs) return sendDocs(request, response, path);
  if (isDashboard(request, path)) return sendDashboard(request, response, path);
  if (metadata) return send(response, 200, metadata);
  const isOperator = await gatekeeper().isOperator(request);
  const report = readiness(mounts(), stopping.aborted, isOperator);
  send(response, report.status === "ready" ? 200 : 503, report);
}

/** What is no call, and not for everybody: the index, the documents, and what operators have. */
export function createPages({ about, mounts, settings, admin }: PagesOptions) {
  const documents = new WeakMap<object, ReturnType<typeof documentOf>>();
  /** Each of these lives as long as what it is of. */
  const documentFor = (of: object, make: () => ReturnType<typeof documentOf>) => {
    const made = documents.get(of) ?? make();
    documents.set(of, made);
    return made;
  };
  const documentAt = ({ path, route, surfaces }: PageRequest) => {
    const given = () => ({ publicUrl: settings().publicUrl, access: settings().access });
    if (path === "/openapi.json")
      return documentFor(surfaces, () =>
        documentOf(surfaces.rest, () => ({ ...about, ...given() })),
      );
    if (route.kind !== "document") return undefined;
    const view = surfaces.rest().find(({ name }) => name === route.server);
    return (
      view &&
      documentFor(view, () =>
        documentOf(
          () => [view],
          () => ({ ...view.catalogue, ...given() }),
        ),
      )
    );
  };

  return async (
    request: IncomingMessage,
    response: ServerResponse,
    asked: PageRequest,
  ): Promise<void> => {
    if (await admin.handle(request, response, asked)) return;
    request.resume();
    const { path, route, surfaces } = asked;
    const document = settings().docs ? documentAt(asked) : undefined;
    if (path !== "/" && !document)
      return send(response, 404, { error: notFound(surfaces.rest(), route) });
    if (!isReading(request)) return sendNotAllowed(response, "GET, HEAD");
    if (!document) return send(response, 200, index(about, surfaces.rest(), settings().docs));
    await settledWithin(mounts(), HOLD_MS);
    document(request, response);
  };
}

/** Paths, not URLs: by which name the gateway was reached is the caller's word. */
function index(
  { name, title, version }: PagesOptions["about"],
  mounts: readonly MountView[],
  hasDocs: boolean,
): object {
  const servers = mounts.map(({ name: server, status, catalogue }) => ({
    name: server,
    title: catalogue.title,
    state: status.state,
    tools: catalogue.tools.length,
    mcp: `/${server}/mcp`,
    rest: `/${server}/tools`,
  }));
  const docs = hasDocs && { docs: "/docs", redoc: "/redoc", openapi: "/openapi.json" };
  return { name, title, version, mcp: "/mcp", ...docs, servers };
}

function notFound(mounts: readonly MountView[], route: Route): string {
  const known = mounts.map((mount) => mount.name).join(", ") || "none";
  if (route.kind === "server")
    return `No server is called "${route.server}". The servers are: ${known}.`;
  if (route.kind === "profile") return `No profile is called "${route.profile}".`;
  return `Not found. MCP is at /mcp for all servers and at /{server}/mcp for one; the servers are: ${known}.`;
}
