import type { IncomingMessage } from "node:http";
import type { JsonObject } from "#shared/core/contract.ts";
import { isDeeperThan, MAX_BODY_BYTES, MAX_JSON_DEPTH } from "#shared/mcp/guards.ts";
import { readBody } from "#shared/mcp/node-http.ts";
import { isObject } from "../foreign/wire.ts";
import { type Problem, problem } from "./problem.ts";

/** How the caller wants the answer. */
export type Wanted = "json" | "raw" | "events";

export const RAW_TYPE = "application/vnd.mcp.result+json";

const KINDS: readonly [type: string, wanted: Wanted][] = [
  [RAW_TYPE, "raw"],
  ["text/event-stream", "events"],
  ["application/json", "json"],
  ["application/problem+json", "json"],
  ["application/*", "json"],
  ["*/*", "json"],
];

/** Undefined when the caller takes nothing that there is. */
export function wantedOf(accept: string | undefined): Wanted | undefined {
  if (accept === undefined || accept === "") return "json";
  const types = accept.split(",").map((one) => one.split(";", 1)[0]?.trim().toLowerCase());
  return KINDS.find(([type]) => types.includes(type))?.[1];
}

export interface CallBody {
  input: JsonObject;
  inputResponses?: JsonObject;
  requestState?: string;
}

export type ReadCall = { call: CallBody; problem?: never } | { call?: never; problem: Problem };

/** Reads the arguments of a call; no body is no arguments. */
export async function readCall(request: IncomingMessage): Promise<ReadCall> {
  const text = await readBody(request);
  if (text === undefined)
    return { problem: problem("too-large", `The body is larger than ${MAX_BODY_BYTES} bytes`) };
  if (text === "") return { call: { input: {} } };
  const type = request.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/json")
    return { problem: problem("unsupported-media-type", "Send the arguments as application/json") };
  if (isDeeperThan(text, MAX_JSON_DEPTH))
    return { problem: problem("parse-error", `It nests deeper than ${MAX_JSON_DEPTH} levels`) };
  const value = parse(text);
  return isObject(value)
    ? { call: bodyOf(value) }
    : { problem: problem("parse-error", "The body has to be a JSON object: the tool's arguments") };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const ANSWER_KEYS = new Set(["arguments", "inputResponses", "requestState"]);

/** The answer to a question carries the arguments inside; anything else is the arguments. */
function bodyOf(value: JsonObject): CallBody {
  const { arguments: input = {}, inputResponses, requestState } = value;
  const isAnswer =
    typeof requestState === "string" &&
    isObject(inputResponses) &&
    isObject(input) &&
    Object.keys(value).every((key) => ANSWER_KEYS.has(key));
  return isAnswer ? { input, inputResponses, requestState } : { input: value };
}
