import { expect, it } from "vitest";
import type { CallToolResult, Outcome } from "#shared/core/contract.ts";
import { invalidParams } from "#shared/core/runtime.ts";
import { withLists } from "../src/mounts/lists.ts";
import { searchInstance } from "../src/search/instance.ts";

const nobody = () => Promise.reject(new Error("Nobody asks for it"));
const tool = { name: "a__b", title: "", description: "", inputSchema: { type: "object" } };
const context = { signal: new AbortController().signal, era: "modern" as const };

/** What call_tool answers for a server that answers like this. */
function callTool(name: string, answer: Outcome<object>) {
  const lists = { tools: [tool], prompts: [], resources: [], resourceTemplates: [] };
  const base = withLists(() => lists as never, {
    call: async () => answer as Outcome<CallToolResult>,
    read: nobody,
    get: nobody,
    complete: nobody,
    subscribe: nobody,
    unsubscribe: nobody,
    health: nobody,
    close: nobody,
  });
  return searchInstance(base).call("call_tool", { name }, context);
}

const content = [{ type: "text", text: "VALIDATION_ERROR" }];

it("a schema goes with the answer to wrong arguments, and with no other", async () => {
  const { result } = await callTool("a__b", { result: { content, isError: true } });
  expect(result).toMatchObject({
    content: [...content, { text: expect.stringMatching(/^The arguments of a__b: /) }],
  });
  for (const right of [{ content }, { content, isError: false }])
    expect(await callTool("a__b", { result: right })).toEqual({ result: right });
});

it("a tool that is not there is said to be found by search_tools, as by describe_tool", async () => {
  const unknown = await callTool("a__c", invalidParams('Tool "a__c" not found'));
  expect(JSON.stringify(unknown)).toContain("Find one by search_tools");
  const known = invalidParams("It takes no such thing");
  expect(await callTool("a__b", known), "what a server says itself stays").toEqual(known);
  const down = { error: { code: -32603, message: "down" } };
  expect(await callTool("a__c", down)).toEqual(down);
});
