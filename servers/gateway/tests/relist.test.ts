import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { silentLog } from "#shared/core/log.ts";
import { createRelist, RELIST_PAUSE_MS } from "../src/foreign/relist.ts";
import { Session } from "../src/foreign/session.ts";
import type { Wire } from "../src/foreign/wire.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const LIMIT_MS = 5_000;
const tools = { kind: "tools_list_changed" } as const;
const prompts = { kind: "prompts_list_changed" } as const;
const facts = { era: "modern" as const, info: {}, capabilities: { tools: {} }, instructions: "" };
const answer = { jsonrpc: "2.0", result: { tools: [] } };

/** What reads the lists of a server that answers for them like this. */
function start(request: Wire["request"]) {
  const heard: string[] = [];
  const wire: Wire = {
    request,
    send: async () => {},
    onMessage: () => {},
    agreed: () => {},
    close: async () => {},
  };
  const options = {
    log: silentLog,
    listTimeoutMs: LIMIT_MS,
    onEvent: ({ kind }: { kind: string }) => heard.push(kind),
    onDoubt: (reason: string) => heard.push(reason),
  };
  const lists = { tools: [], prompts: [], resources: [], resourceTemplates: [] };
  const session = new Session(wire, { name: "test", version: "1" });
  return { heard, relist: createRelist(options, session, facts, { lists }) };
}

it("a server that says with each answer that its lists changed is asked once a pause", async () => {
  let asked = 0;
  const { heard, relist } = start(async () => {
    asked++;
    relist.changed(tools);
    return answer;
  });
  relist.changed(tools);
  await vi.advanceTimersByTimeAsync(0);
  expect([asked, heard], "the first time at once").toEqual([1, ["tools_list_changed"]]);
  await vi.advanceTimersByTimeAsync(RELIST_PAUSE_MS - 1);
  expect(asked).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toBe(2);
  await vi.advanceTimersByTimeAsync(10 * RELIST_PAUSE_MS);
  expect(asked).toBe(12);
  relist.close();
  await vi.advanceTimersByTimeAsync(10 * RELIST_PAUSE_MS);
  expect(asked, "and not once it is closed").toBe(12);
});

it("each list that changed while others were read is told of", async () => {
  const { heard, relist } = start(async () => answer);
  for (const event of [tools, tools, prompts]) relist.changed(event);
  await vi.advanceTimersByTimeAsync(RELIST_PAUSE_MS);
  expect(heard).toEqual(["tools_list_changed", "tools_list_changed", "prompts_list_changed"]);
});

it("a list that is never answered is waited for so long, and the next change is heard", async () => {
  let asked = 0;
  let given: AbortSignal | undefined;
  const { heard, relist } = start((_, { signal }) => {
    asked++;
    given = signal;
    return asked === 1 ? new Promise(() => {}) : Promise.resolve(answer);
  });
  relist.changed(tools);
  await vi.advanceTimersByTimeAsync(LIMIT_MS - 1);
  expect([heard, given?.aborted]).toEqual([[], false]);
  await vi.advanceTimersByTimeAsync(1);
  expect([heard, given?.aborted]).toEqual([["its lists changed and could not be read"], true]);
  relist.changed(tools);
  await vi.advanceTimersByTimeAsync(RELIST_PAUSE_MS);
  expect(heard.at(-1)).toBe("tools_list_changed");
});
