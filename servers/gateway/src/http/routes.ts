import type { IncomingMessage, ServerResponse } from "node:http";
import type { RouteHandler } from "#shared/mcp/http-server.ts";
import type { Caller } from "../access/caller.ts";
import type { Gatekeeper } from "../access/gatekeeper.ts";
import type { Activity } from "../activity/activity.ts";
import type { Audience } from "../audience.ts";
import type { Mount } from "../mounts/mount.ts";
import { HOLD_MS, settledWithin } from "../mounts/settled.ts";
import type { MountView } from "../policy/mount-view.ts";
import { callTool, type From, listTools, sendUnknownServer } from "../rest/rest.ts";
import type { Surfaces } from "../surfaces.ts";
import { isReading, sendNotAllowed } from "./answers.ts";
import { createPages, isPublic, type PagesOptions, sendPublic } from "./pages.ts";
import { parsePath, type Route } from "./path.ts";
import { sendRefusal } from "./refuse.ts";

export interface RoutesOptions extends PagesOptions {
  mounts: () => readonly Mount[];
  audience: Audience;
  gatekeeper: () => Gatekeeper;
  activity: Activity;
}

/** Every path of the gateway: who sends a request is known before anything is done for it. */
export function createRoutes(options: RoutesOptions): RouteHandler {
  const { mounts, audience, gatekeeper, activity } = options;
  const pages = createPages(options);
  /** Whoever asks for a server that is there and not for them gets no other answer than for one that is not. */
  const tellHidden = (server: string, caller: Caller | undefined) => {
    if (!caller || only(mounts(), server).length === 0) return;
    activity.happened({ kind: "server.refused", server, address: caller.address, by: caller.id });
  };
  const restOf = (server: string, surfaces: Surfaces, caller: Caller | undefined) => {
    const views = surfaces.rest();
    if (!views.some(({ name }) => name === server)) tellHidden(server, caller);
    return views;
  };
  return async (request, response, leaving) => {
    const path = request.url?.split("?", 1)[0] ?? "/";
    if (isPublic(request, path)) return sendPublic(request, response, path, options);
    const route = parsePath(path);
    const entering = gatekeeper().enter(request, route);
    const entry = entering instanceof Promise ? await entering : entering;
    if (entry.refusal) return sendRefusal(request, response, route, entry.refusal);
    const { identity, caller } = entry;
    const surfaces = audience.of(identity.viewer);
    switch (route.kind) {
      case "aggregate":
        await settledWithin(mounts(), HOLD_MS);
        return surfaces.aggregate.handle(request, response, leaving, caller);
      case "server": {
        await settledWithin(only(mounts(), route.server), HOLD_MS);
        const endpoint = surfaces.server(route.server);
        if (endpoint) return endpoint.handle(request, response, leaving, caller);
        tellHidden(route.server, caller);
        break;
      }
      case "profile": {
        await settledWithin(mounts(), HOLD_MS);
        const endpoint = surfaces.profile(route.profile);
        if (endpoint) return endpoint.handle(request, response, leaving, caller);
        break;
      }
      case "tools":
        await settledWithin(only(mounts(), route.server), HOLD_MS);
        return tools(request, response, route, restOf(route.server, surfaces, caller));
      case "tool":
        await settledWithin(only(mounts(), route.server), HOLD_MS);
        return tool(request, response, route, restOf(route.server, surfaces, caller), {
          leaving,
          caller,
        });
      case "document":
      case "page":
        break;
    }
    await pages(request, response, { path, route, identity, surfaces, leaving });
  };
}

const only = (mounts: readonly Mount[], name: string) =>
  mounts.filter((mount) => mount.name === name);

async function tools(
  request: IncomingMessage,
  response: ServerResponse,
  { server }: Route & { kind: "tools" },
  mounts: readonly MountView[],
): Promise<void> {
  request.resume();
  const mount = mounts.find(({ name }) => name === server);
  if (!mount) return sendUnknownServer(response, mounts, server);
  if (isReading(request)) listTools(response, mount);
  else sendNotAllowed(response, "GET, HEAD");
}

async function tool(
  request: IncomingMessage,
  response: ServerResponse,
  route: Route & { kind: "tool" },
  mounts: readonly MountView[],
  from: From,
): Promise<void> {
  const mount = mounts.find(({ name }) => name === route.server);
  if (mount && request.method === "POST")
    return callTool(request, response, from, mount, route.tool);
  request.resume();
  // a link that is followed must not run anything
  if (mount) sendNotAllowed(response, "POST");
  else sendUnknownServer(response, mounts, route.server);
}
