import type { Route } from "../http/path.ts";

/**
 * The protected resource that a path belongs to, as RFC 8707 and RFC 9728 name it: tokens are for one
 * of them. What is neither a server's nor a profile's belongs to the resource of all servers.
 */
export function resourcePath(route: Route): string {
  switch (route.kind) {
    case "server":
    case "tools":
    case "tool":
    case "document":
      return `/${route.server}/mcp`;
    case "profile":
      return `/p/${route.profile}/mcp`;
    default:
      return "/mcp";
  }
}

/** The server that a path is about, when it is about one. */
export const serverOfRoute = (route: Route): string | undefined =>
  "server" in route ? route.server : undefined;
