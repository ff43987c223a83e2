import type { IncomingMessage, ServerResponse } from "node:http";
import { refuse } from "#shared/mcp/node-http.ts";
import type { HttpRefusal } from "../access/challenge.ts";
import { type ProblemKind, problem, sendProblem } from "../rest/problem.ts";
import type { Route } from "./path.ts";

const KINDS: Record<HttpRefusal["status"], ProblemKind> = {
  401: "unauthorized",
  403: "insufficient-scope",
  429: "too-many-requests",
  503: "unavailable",
};

/** Refuses a request in the words of what it was sent to: MCP, or everything else. */
export function sendRefusal(
  request: IncomingMessage,
  response: ServerResponse,
  { kind }: Route,
  refusal: HttpRefusal,
): void {
  const { status, message, headers } = refusal;
  request.resume();
  if (kind === "aggregate" || kind === "server" || kind === "profile")
    refuse(response, { status, message }, undefined, headers);
  else sendProblem(response, problem(KINDS[status], message), headers);
}
