import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody } from "#shared/mcp/node-http.ts";
import { isReading, send, sendNotAllowed } from "../http/answers.ts";
import type { PageRequest } from "../http/pages.ts";
import { type ProblemKind, problem, sendProblem } from "../rest/problem.ts";
import { type Action, type Actions, parseAction } from "./actions.ts";
import { gatewayState, type StateSources } from "./state.ts";
import { streamState } from "./stream.ts";

/** A page of another site cannot send it without being asked for first, and is not let to then. */
export const CSRF_HEADER = "x-flotilla-admin";
export const STATE_PATH = "/admin/api/state";
export const STREAM_PATH = "/admin/api/stream";
export const ACTION_PATH = "/admin/api/actions";
/** Bytes of the body of an action. */
const MAX_ACTION_BYTES = 4_096;

export interface AdminOptions extends StateSources {
  actions: Actions;
  /** The metrics as Prometheus reads them. */
  metrics(): Promise<{ type: string; text: string }>;
  load(): object;
  stopping: AbortSignal;
}

export interface AdminApi {
  /** Answers what is of operators; false when a path is not. */
  handle(request: IncomingMessage, response: ServerResponse, asked: PageRequest): Promise<boolean>;
}

/** What operators have: state, a stream of it, metrics, load, and what they may do. */
export function createAdminApi(options: AdminOptions): AdminApi {
  const { metrics, load } = options;
  const readings = new Map<string, (asked: PageRequest, response: ServerResponse) => unknown>([
    ["/metrics", async (_, response) => sendMetrics(response, await metrics())],
    ["/load", (_, response) => send(response, 200, load())],
    [STATE_PATH, (_, response) => send(response, 200, gatewayState(options, Date.now()))],
    [STREAM_PATH, ({ leaving }, response) => streamState(options, response, leaving.signal)],
  ]);

  return {
    handle: async (request, response, asked) => {
      const { path, identity } = asked;
      const reading = readings.get(path);
      if (!reading && path !== ACTION_PATH) return false;
      const isOfMetrics = path === "/metrics" || path === "/load";
      if (isOfMetrics ? !identity.maySeeMetrics : !identity.isAdmin) {
        request.resume();
        options.activity.happened({ kind: "admin.refused", path, by: identity.id });
        refuse(
          response,
          "insufficient-scope",
          `It needs the scope ${isOfMetrics ? "metrics" : "admin"}`,
        );
      } else if (reading) {
        request.resume();
        if (isReading(request)) await reading(asked, response);
        else sendNotAllowed(response, "GET, HEAD");
      } else await act(request, response, options.actions, identity.id);
      return true;
    },
  };
}

async function act(
  request: IncomingMessage,
  response: ServerResponse,
  actions: Actions,
  by: string,
): Promise<void> {
  if (request.method !== "POST") {
    request.resume();
    return sendNotAllowed(response, "POST");
  }
  if (request.headers[CSRF_HEADER] !== "1") {
    request.resume();
    return refuse(response, "forbidden", `Send the header ${CSRF_HEADER}: 1`);
  }
  const text = await readBody(request, MAX_ACTION_BYTES);
  if (text === undefined)
    return refuse(response, "too-large", `The body is larger than ${MAX_ACTION_BYTES} bytes`);
  const action = parseAction(text);
  if ("fault" in action) return refuse(response, "invalid-request", action.fault);
  const fault = run(actions, action, by);
  if (fault === undefined) send(response, 200, { done: action.action });
  else refuse(response, "conflict", fault);
}

function run(actions: Actions, action: Action, by: string): string | undefined {
  if (action.action === "restart") return actions.restart(action.server, by);
  return actions.approve(action, by);
}

const refuse = (response: ServerResponse, kind: ProblemKind, detail: string) =>
  sendProblem(response, problem(kind, detail));

function sendMetrics(response: ServerResponse, { type, text }: { type: string; text: string }) {
  response.writeHead(200, { "content-type": type, "content-length": Buffer.byteLength(text) });
  response.end(text);
}
