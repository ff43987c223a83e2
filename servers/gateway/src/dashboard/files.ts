import type { IncomingMessage, ServerResponse } from "node:http";
import { readBuilt, sendNotBuilt } from "../http/built.ts";

const HEADERS = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

/** What the build puts into dist/dashboard. No file holds the name of a server: all that is asked for later. */
const FILES: ReadonlyMap<string, string> = new Map([
  ["page.html", "text/html; charset=utf-8"],
  ["page.css", "text/css; charset=utf-8"],
  ["page.js", "text/javascript; charset=utf-8"],
]);

const PREFIX = "/dashboard/";

/** Whether a browser asks for the page itself: programs get JSON at the same address. */
const isPage = ({ headers }: IncomingMessage, path: string) =>
  path === "/" && (headers.accept ?? "").includes("text/html");

const nameOf = (request: IncomingMessage, path: string) =>
  isPage(request, path) ? "page.html" : path.startsWith(PREFIX) ? path.slice(PREFIX.length) : "";

export const isDashboard = (request: IncomingMessage, path: string): boolean =>
  FILES.has(nameOf(request, path));

/** Sends the page, or a part of it. */
export async function sendDashboard(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const name = nameOf(request, path);
  const body = await readBuilt("dashboard", name);
  if (!body) return sendNotBuilt(response);
  response.writeHead(200, {
    ...HEADERS,
    "content-type": FILES.get(name),
    "content-length": body.length,
    "cache-control": "no-cache",
    vary: "accept",
  });
  response.end(request.method === "HEAD" ? undefined : body);
}
