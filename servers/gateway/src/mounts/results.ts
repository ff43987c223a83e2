import type { JsonObject, Outcome } from "#shared/core/contract.ts";
import { ToolError } from "#shared/core/errors.ts";
import { isObject } from "../foreign/wire.ts";

/** The text without which a block of such a type is none. */
const NEEDED = new Map([
  ["text", "text"],
  ["image", "data"],
  ["audio", "data"],
  ["resource_link", "uri"],
]);

/** Whether a block has what is read of it here; of one of a type that is not known, its data is measured. */
function isBlock(block: unknown): boolean {
  if (!isObject(block) || typeof block.type !== "string") return false;
  if (block.type === "resource") return isObject(block.resource) && isUri(block.resource);
  const needed = NEEDED.get(block.type) ?? ("data" in block ? "data" : "type");
  return typeof block[needed] === "string";
}

const isUri = (one: unknown) => isObject(one) && typeof one.uri === "string";

const isList = (value: unknown, isMember: (one: unknown) => boolean) =>
  Array.isArray(value) && value.every(isMember);

/** Whether it is questions, or what an answer has in their place. */
const isQuestionsOr = (isRight: (result: JsonObject) => boolean) => (result: unknown) => {
  if (!isObject(result)) return false;
  if (!("inputRequests" in result)) return isRight(result);
  return isObject(result.inputRequests) && Object.values(result.inputRequests).every(isObject);
};

export const isCallResult = isQuestionsOr(({ content }) => isList(content, isBlock));
export const isReadResult = isQuestionsOr(({ contents }) => isList(contents, isUri));
export const isPromptResult = isQuestionsOr(({ messages }) =>
  isList(messages, (one) => isObject(one) && isBlock(one.content)),
);
export const isCompletion = (result: unknown) =>
  isObject(result) && isObject(result.completion) && Array.isArray(result.completion.values);

/** An outcome whose result is one; `fail` words what is answered in place of another. */
export function checkResult<T>(
  server: string,
  outcome: Outcome<T>,
  isRight: (result: unknown) => boolean,
  fail: (error: ToolError) => Outcome<T>,
): Outcome<T> {
  if (!outcome.result || isRight(outcome.result)) return outcome;
  return fail(
    new ToolError(
      "API_ERROR",
      `${server} answered with what is no result of MCP. It is a fault of the server: tell whoever runs it.`,
      { details: { reason: "bad_answer", server } },
    ),
  );
}
