import { describe, expect, it } from "vitest";
import { isCallResult, isCompletion, isPromptResult, isReadResult } from "../src/mounts/results.ts";

const text = { type: "text", text: "a" };
const question = { resultType: "input_required", inputRequests: { who: { method: "m" } } };

describe("a result of a tool", () => {
  it.each([
    [[]],
    [[text, { ...text, annotations: {} }]],
    [[{ type: "image", data: "AA==", mimeType: "image/png" }]],
    [[{ type: "audio", data: "AA==", mimeType: "audio/wav" }]],
    [[{ type: "resource_link", uri: "a://a", name: "a" }]],
    [[{ type: "resource", resource: { uri: "a://a", text: "a" } }]],
    [[{ type: "of-later", what: 1 }]],
  ])("may have content %j", (content) => {
    expect(isCallResult({ content })).toBe(true);
  });

  it.each([
    [undefined],
    [null],
    ["a text"],
    [{}],
    [[null]],
    [["a"]],
    [[{ text: "a" }]],
    [[{ type: "text" }]],
    [[{ type: "text", text: 5 }]],
    [[text, { type: "image" }]],
    [[{ type: "audio", data: null }]],
    [[{ type: "of-later", data: 5 }]],
    [[{ type: "resource_link" }]],
    [[{ type: "resource" }]],
    [[{ type: "resource", resource: {} }]],
  ])("has no content %j", (content) => {
    expect(isCallResult({ content })).toBe(false);
  });
});

it("other results are told from what is none", () => {
  expect(isReadResult({ contents: [{ uri: "a://a" }] })).toBe(true);
  for (const contents of [undefined, null, [null], [{}], "a"])
    expect(isReadResult({ contents })).toBe(false);
  expect(isPromptResult({ messages: [{ role: "user", content: text }] })).toBe(true);
  for (const messages of [undefined, null, [null], [{ role: "user" }], "a"])
    expect(isPromptResult({ messages })).toBe(false);
  expect(isCompletion({ completion: { values: [] } })).toBe(true);
  for (const completion of [undefined, null, {}, { values: null }])
    expect(isCompletion({ completion })).toBe(false);
});

it.each([isCallResult, isReadResult, isPromptResult])("questions may stand for one (%o)", (is) => {
  expect(is(question)).toBe(true);
  for (const inputRequests of [undefined, null, [], { who: null }])
    expect(is({ ...question, inputRequests })).toBe(false);
});
