import type { IncomingMessage, ServerResponse } from "node:http";
import { sendJson } from "#shared/mcp/node-http.ts";

export const isReading = ({ method }: IncomingMessage): boolean =>
  method === "GET" || method === "HEAD";

export function send(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  sendJson(response, status, JSON.stringify(body), headers);
}

export function sendNotAllowed(response: ServerResponse, allow: string): void {
  send(response, 405, { error: `Method not allowed here: use ${allow.split(",")[0]}` }, { allow });
}
