import type { IncomingMessage, ServerResponse } from "node:http";
import type { CallContext } from "#shared/core/contract.ts";
import { isAborted, type Waited, WaitedContext } from "#shared/core/leaving.ts";
import { textOf, writeResult } from "#shared/core/result-text.ts";
import { sendJson } from "#shared/mcp/node-http.ts";
import type { Caller } from "../access/caller.ts";
import type { MountView } from "../policy/mount-view.ts";
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

/** Whose request it is, and how it ends early. */
export interface From {
  leaving: Waited;
  caller: Caller | undefined;
}

export function sendUnknownServer(
  response: ServerResponse,
  mounts: readonly MountView[],
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
export function listTools(response: ServerResponse, mount: MountView): void {
  const { name, status, catalogue } = mount;
  const body = { server: name, state: status.state, tools: catalogue.tools };
  sendJson(response, 200, JSON.stringify(body));
}

/** `POST /{server}/tools/{tool}`: the body is the arguments, the answer is the structured result. */
export async function callTool(
  request: IncomingMessage,
  response: ServerResponse,
  { leaving, caller }: From,
  mount: MountView,
  tool: string,
): Promise<void> {
  const wanted = wantedOf(request.headers.accept);
  if (!wanted) {
    request.resume();
    const detail = `There is application/json, text/event-stream and ${RAW_TYPE}`;
    return sendProblem(response, problem("not-acceptable", detail));
  }
  if (!(mount.usable(tool) || mount.isHeld(tool))) {
    request.resume();
    const context = contextOf(request, { input: {} }, { leaving, caller });
    const { result } = await mount.instance.call(tool, {}, context);
    // limits answer before it is said what there is
    if (result) return send(response, answerOf({ result }));
    const close = didYouMean(
      tool,
      mount.catalogue.tools.map(({ name }) => name),
    );
    const hint = close === undefined ? "" : ` Did you mean "${close}"?`;
    const detail = `${mount.name} has no tool "${tool}".${hint}`;
    return sendProblem(response, problem("not-found", detail));
  }
  const read = await readCall(request);
  if (read.problem) return sendProblem(response, read.problem);
  const context = contextOf(request, read.call, { leaving, caller });
  if (wanted === "events") return stream(response, mount, tool, read.call, context);
  const outcome = await mount.instance.call(tool, read.call.input, context);
  if (isAborted(leaving)) return;
  if (wanted === "raw" && outcome.result)
    return sendJson(response, 200, writeResult(outcome.result), { "content-type": RAW_TYPE });
  send(response, answerOf(outcome));
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer.problem) sendProblem(response, answer.problem);
  else sendJson(response, 200, textOf(answer.body));
}

async function stream(
  response: ServerResponse,
  mount: MountView,
  tool: string,
  call: CallBody,
  context: CallContext,
): Promise<void> {
  const events = eventStream(response);
  context.progress = (progress, total, message) =>
    events.send("progress", { progress, total, message });
  context.notify = (level, data) => events.send("log", { level, data });
  const outcome = await mount.instance.call(tool, call.input, context);
  const answer = answerOf(outcome);
  if (answer.problem) events.end("problem", answer.problem);
  else events.end("result", answer.body);
}

function contextOf(
  { headers }: IncomingMessage,
  { inputResponses, requestState }: CallBody,
  { leaving, caller }: From,
): CallContext {
  const { traceparent } = headers;
  const context = new WaitedContext(leaving, "modern");
  context.canAsk = true;
  context.client = CLIENT;
  if (caller) context.principal = caller;
  if (typeof traceparent === "string") context.traceparent = traceparent;
  if (inputResponses) context.inputResponses = inputResponses;
  if (requestState !== undefined) context.requestState = requestState;
  return context;
}
