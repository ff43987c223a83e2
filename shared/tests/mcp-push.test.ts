import { beforeAll, describe, expect, test, vi } from "vitest";
import type {
  CallToolResult,
  InputRequest,
  InputRequired,
  Instance,
  JsonObject,
  Outcome,
} from "#shared/core/contract.ts";
import { askUntilDone, MAX_ROUNDS } from "#shared/mcp/ask-by-push.ts";
import { type AnswerRelay, createPush, type Posted } from "#shared/mcp/push.ts";
import { expectToolError } from "#shared/testing/call.ts";
import type { RawHttp } from "#shared/testing/http.ts";
import { startProbeHttp } from "./support/probe.ts";

const question: InputRequest = { method: "elicitation/create", params: { message: "?" } };
const never = new AbortController().signal;

/** What is asked of somebody, and the messages that reach them. */
function askedOf(principal?: string, signal = never) {
  const sent: JsonObject[] = [];
  return { sent, asked: { send: (message: JsonObject) => sent.push(message), signal, principal } };
}

describe("an open question", () => {
  test("is answered once, by its id alone", async () => {
    const push = createPush();
    const { sent, asked } = askedOf();
    const answers = push.ask({ a: question, b: question }, asked);
    const [a, b] = sent;
    expect(sent).toMatchObject([question, question]);
    expect(a?.id).not.toBe(b?.id);
    expect(push.take({ jsonrpc: "2.0", id: "guess", result: {} })).toBe(false);
    expect(push.take({ jsonrpc: "2.0", id: b?.id, result: "B" })).toBe(true);
    expect(push.take({ jsonrpc: "2.0", id: b?.id, result: "again" })).toBe(false);
    expect(push.take({ jsonrpc: "2.0", id: a?.id, result: "A" })).toBe(true);
    await expect(answers).resolves.toEqual({ a: "A", b: "B" });
  });

  test("is not answered by a request that has its id", async () => {
    const push = createPush();
    const { sent, asked } = askedOf();
    void push.ask({ a: question }, asked);
    expect(push.take({ jsonrpc: "2.0", id: sent[0]?.id, method: "tools/list" })).toBe(false);
  });

  test("fails with the client's own words, and when the client leaves", async () => {
    const push = createPush();
    const { sent, asked } = askedOf();
    const refused = push.ask({ a: question }, asked);
    const error = { code: -32601, message: "Method not found" };
    expect(push.take({ jsonrpc: "2.0", id: sent[0]?.id, error })).toBe(true);
    await expect(refused).rejects.toThrow("Method not found");

    const controller = new AbortController();
    const left = push.ask({ a: question }, { ...asked, signal: controller.signal });
    controller.abort();
    await expect(left).rejects.toThrow("left before it answered");
    expect(push.take({ jsonrpc: "2.0", id: sent[1]?.id, result: {} })).toBe(false);
    await expect(push.ask({ a: question }, askedOf("a", controller.signal).asked)).rejects.toThrow(
      "left before it answered",
    );
  });

  test("is answered by the principal that was asked, and by nobody else", async () => {
    const push = createPush();
    const { sent, asked } = askedOf("ada");
    const answers = push.ask({ a: question }, asked);
    const answer = { jsonrpc: "2.0", id: sent[0]?.id, result: "A" };
    expect(push.take(answer, "eve")).toBe(false);
    expect(push.take(answer)).toBe(false);
    expect(push.take(answer, "ada")).toBe(true);
    await expect(answers).resolves.toEqual({ a: "A" });
  });
});

describe("a question with a relay", () => {
  /** Two processes that share what is passed on. */
  function together() {
    const expected = new Map<string, (posted: Posted) => void>();
    const passed: string[] = [];
    const relay: AnswerRelay = {
      expect: async (id, take) => {
        expected.set(id, take);
        return () => void expected.delete(id);
      },
      pass: async (id, posted) => {
        passed.push(id);
        expected.get(id)?.(posted);
        return expected.has(id);
      },
    };
    return { expected, passed, here: createPush(relay), there: createPush(relay) };
  }

  test("is answered at another process, by the same principal alone, and then no longer expected", async () => {
    const { expected, here, there } = together();
    const { sent, asked } = askedOf("ada");
    const answers = here.ask({ a: question }, asked);
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    const answer = { jsonrpc: "2.0", id: sent[0]?.id, result: "A" };
    await there.take(answer, "eve");
    expect(expected.size).toBe(1);
    expect(await there.take(answer, "ada")).toBe(true);
    await expect(answers).resolves.toEqual({ a: "A" });
    expect(expected.size).toBe(0);
    expect(await there.take(answer, "ada")).toBe(false);
  });

  test("is not passed on where it is open, nor is what answers nothing", async () => {
    const { passed, here } = together();
    const { sent, asked } = askedOf("ada");
    const answers = here.ask({ a: question }, asked);
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    const id = sent[0]?.id;
    expect(here.take({ id, result: "A" }, "eve")).toBe(false);
    expect(here.take({ id: "other", method: "ping" }, "ada")).toBe(false);
    expect(here.take({ id: 7, result: "A" }, "ada")).toBe(false);
    expect(here.take({ id, result: "A" }, "ada")).toBe(true);
    await answers;
    expect(passed).toEqual([]);
  });

  test("is no longer expected when the client leaves", async () => {
    const { expected, here } = together();
    const controller = new AbortController();
    const { sent, asked } = askedOf("ada", controller.signal);
    const left = here.ask({ a: question }, asked);
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    controller.abort();
    await expect(left).rejects.toThrow("left before it answered");
    expect(expected.size).toBe(0);
  });
});

test("a tool that is never content is asked for no longer after the last round", async () => {
  const push = createPush();
  const again: Outcome<CallToolResult | InputRequired> = {
    result: { resultType: "input_required", inputRequests: { a: question }, requestState: "s" },
  };
  let calls = 0;
  const callAgain = async () => {
    calls++;
    return again;
  };
  const instance = { call: callAgain } as unknown as Instance;
  const send = ({ id }: JsonObject) =>
    queueMicrotask(() => push.take({ jsonrpc: "2.0", id, result: {} }));
  const call = {
    method: "tools/call",
    id: 1,
    name: "t",
    input: {},
    envelope: undefined,
    progressToken: undefined,
  } as const;
  const host = {
    signal: never,
    canAsk: true,
    logging: false,
    logLevel: "debug" as const,
    logger: "t",
    send: () => {},
  };
  const { result } = await askUntilDone({ instance, call, host, push, send }, again);
  expect(expectToolError(result, "UNAVAILABLE").details).toEqual({ reason: "not_answered" });
  expect(calls).toBe(MAX_ROUNDS);
});

describe("over HTTP", () => {
  let http: RawHttp;
  beforeAll(async () => {
    http = await startProbeHttp({ ASK_OVER_HTTP: "true" });
    return http.stop;
  });

  const post = (body: unknown) =>
    fetch(http.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
      body: JSON.stringify(body),
    });

  test("an answer is taken with 202, and a second one is nobody's", async () => {
    const call = {
      jsonrpc: "2.0",
      id: 7,
      method: "tools/call",
      params: { name: "ask_too", arguments: { topic: "x" } },
    };
    const stream = await post(call);
    const reader = (stream.body as ReadableStream<Uint8Array>)
      .pipeThrough(new TextDecoderStream())
      .getReader();
    const first = await reader.read();
    const asked = JSON.parse(String(first.value).split("data: ")[1] ?? "");
    expect(asked.method).toBe("elicitation/create");
    const answer = { jsonrpc: "2.0", id: asked.id, result: { action: "decline" } };
    expect((await post(answer)).status).toBe(202);
    const second = await reader.read();
    expect(JSON.parse(String(second.value).split("data: ")[1] ?? "")).toMatchObject({
      id: 7,
      result: { content: [{ text: '{"first":{"action":"decline"}}' }] },
    });
    expect((await reader.read()).done).toBe(true);
    expect((await post(answer)).status).toBe(202);
  });
});
