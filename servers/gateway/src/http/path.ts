import { SERVER_NAME } from "../settings/names.ts";

/** What a path names. */
export type Route =
  | { kind: "aggregate" }
  | { kind: "server"; server: string }
  | { kind: "profile"; profile: string }
  | { kind: "tools"; server: string }
  | { kind: "tool"; server: string; tool: string }
  /** The OpenAPI document of one server. */
  | { kind: "document"; server: string }
  | { kind: "page" };

const TOOL_NAME = /^[A-Za-z0-9_.-]{1,128}$/;
const PAGE: Route = { kind: "page" };

let lastPath: string | undefined;
let lastRoute: Route = PAGE;

/** Reads a path; often it is the one of the request before. */
export function parsePath(path: string): Route {
  if (path !== lastPath) {
    lastRoute = readPath(path);
    lastPath = path;
  }
  return lastRoute;
}

/** Names have no characters that would be encoded, so nothing is decoded, and nothing twice. */
function readPath(path: string): Route {
  if (path === "/mcp") return { kind: "aggregate" };
  const [, first = "", second, third, ...more] = path.split("/");
  if (more.length > 0) return PAGE;
  if (first === "p" && third === "mcp" && second !== undefined)
    return SERVER_NAME.test(second) ? { kind: "profile", profile: second } : PAGE;
  if (!SERVER_NAME.test(first)) return PAGE;
  if (second === "mcp" && third === undefined) return { kind: "server", server: first };
  if (second === "openapi.json" && third === undefined) return { kind: "document", server: first };
  if (second !== "tools") return PAGE;
  if (third === undefined) return { kind: "tools", server: first };
  return TOOL_NAME.test(third) ? { kind: "tool", server: first, tool: third } : PAGE;
}
