import type { IncomingMessage, ServerResponse } from "node:http";
import type { CallContext, ToolListing } from "#shared/core/contract.ts";
import { sendJson } from "#shared/mcp/node-http.ts";
import { joinName } from "../aggregate/names.ts";
import { isServing, type Mount } from "../mounts/mount.ts";
import { maySee, mayUse, type Viewer } from "../policy/policy.ts";
import { didYouMean } from "./did-you-mean.ts";
import { eventStream } from "./events.ts";
import { type Answer, answerOf } from "./outcome.ts";
import { problem, sendProblem } from "./problem.ts";
import { type CallBody, RAW_TYPE, readCall, wantedOf } from "./request.ts";

/** What callers over REST can be asked: a question is an answer that they take up or not. */
const CLIENT = {
  name: "rest",
  capabilities: { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} },
};

/** The tools of a mount that a viewer may use. */
export const usableTools = (viewer: Viewer, mount: Mount): readonly ToolListing[] =>
  mount.catalogue.tools.filter((tool) =>
    mayUse(viewer, mount, joinName(mount.prefix, tool.name), tool),
  );

/** Finds a mount by its path, as far as the viewer may see it. */
export function findMount(
  mounts: readonly Mount[],
  viewer: Viewer,
  name: string,
): Mount | undefined {
  const mount = mounts.find((one) => one.name === name);
  return mount && maySee(viewer, mount) ? mount : undefined;
}

export function sendUnknownServer(
  response: ServerResponse,
  mounts: readonly Mount[],
  name: string,
): void {
  const close = didYouMean(
    name,
    mounts.map((mount) => mount.name),
  );
  const hint = close === undefined ? "" : ` Did you mean "${close}"?`;
  sendProblem(response, problem("not-found", `No server is called "${name}".${hint}`));
}

/** `GET /{server}/tools`. */
export function listTools(response: ServerResponse, viewer: Viewer, mount: Mount): void {
  const body = { server: mount.name, state: mount.status.state, tools: usableTools(viewer, mount) };
  sendJson(response, 200, JSON.stringify(body));
}

/** `POST /{server}/tools/{tool}`: the body is the arguments, the answer is the structured result. */
export async function callTool(
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
  viewer: Viewer,
  mount: Mount,
  tool: string,
): Promise<void> {
  const wanted = wantedOf(request.headers.accept);
  if (!wanted) {
    request.resume();
    const detail = `There is application/json, text/event-stream and ${RAW_TYPE}`;
    return sendProblem(response, problem("not-acceptable", detail));
  }
  const usable = usableTools(viewer, mount);
  const unseen = mount.catalogue.tools.length === 0 && !isServing(mount.status);
  const known = usable.some(({ name }) => name === tool);
  if (!(known || (unseen && mayUse(viewer, mount, joinName(mount.prefix, tool), undefined)))) {
    request.resume();
    const close = didYouMean(
      tool,
      usable.map(({ name }) => name),
    );
    const hint = close === undefined ? "" : ` Did you mean "${close}"?`;
    const detail = `${mount.name} has no tool "${tool}".${hint}`;
    return sendProblem(response, problem("not-found", detail));
  }
  const read = await readCall(request);
  if (read.problem) return sendProblem(response, read.problem);
  if (wanted === "events") return stream(response, mount, tool, read.call, signal);
  const outcome = await mount.instance.call(tool, read.call.input, contextOf(read.call, signal));
  if (signal.aborted) return;
  if (wanted === "raw" && outcome.result)
    return sendJson(response, 200, JSON.stringify(outcome.result), { "content-type": RAW_TYPE });
  send(response, answerOf(outcome));
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer.problem) sendProblem(response, answer.problem);
  else sendJson(response, 200, JSON.stringify(answer.body));
}

async function stream(
  response: ServerResponse,
  mount: Mount,
  tool: string,
  call: CallBody,
  signal: AbortSignal,
): Promise<void> {
  const events = eventStream(response);
  const outcome = await mount.instance.call(tool, call.input, {
    ...contextOf(call, signal),
    progress: (progress, total, message) => events.send("progress", { progress, total, message }),
    notify: (level, data) => events.send("log", { level, data }),
  });
  const answer = answerOf(outcome);
  if (answer.problem) events.end("problem", answer.problem);
  else events.end("result", answer.body);
}

function contextOf({ inputResponses, requestState }: CallBody, signal: AbortSignal): CallContext {
  return {
    signal,
    era: "modern",
    canAsk: true,
    client: CLIENT,
    ...(inputResponses && { inputResponses }),
    ...(requestState !== undefined && { requestState }),
  };
}
