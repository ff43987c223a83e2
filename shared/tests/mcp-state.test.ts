import { expect, test } from "vitest";
import type { JsonObject } from "#shared/core/contract.ts";
import { silentLog } from "#shared/core/log.ts";
import { STATE_TTL_SECONDS } from "#shared/core/state.ts";
import { isObject, MODERN_VERSION, resultOf } from "#shared/testing/messages.ts";
import { server } from "./fixtures/probe/server.ts";
import { startProbeHttp, startProbeStdio } from "./support/probe.ts";

const PREFIX = "io.modelcontextprotocol";
const asked = {
  [`${PREFIX}/protocolVersion`]: MODERN_VERSION,
  [`${PREFIX}/clientInfo`]: { name: "hand-written", version: "1" },
  [`${PREFIX}/clientCapabilities`]: { elicitation: {} },
};
const red = { action: "accept", content: { color: "red" } };
const start = { name: "ask_twice", arguments: { topic: "art" } };

type Call = (params: JsonObject) => Promise<JsonObject>;

/** A call by hand over HTTP: the client libraries do not let a test forge what they send. */
async function callOverHttp(env: Record<string, string> = {}): Promise<Call> {
  const { post } = await startProbeHttp(env);
  return async (params) => {
    const body = {
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { ...params, _meta: asked },
    };
    const headers = {
      "mcp-protocol-version": MODERN_VERSION,
      "mcp-method": "tools/call",
      "mcp-name": String(params.name),
    };
    return (await (await post(JSON.stringify(body), headers)).json()) as JsonObject;
  };
}

async function callOverStdio(): Promise<Call> {
  const raw = await startProbeStdio({ era: "modern" });
  let id = 100;
  return async (params) => {
    id += 1;
    const body = { jsonrpc: "2.0", id, method: "tools/call", params: { ...params, _meta: asked } };
    raw.write(`${JSON.stringify(body)}\n`);
    return raw.answer(id);
  };
}

const stateOf = (answer: JsonObject) => String(resultOf(answer).requestState);
const runsOf = async (call: Call) => {
  const { content } = resultOf(await call({ name: "count_runs", arguments: {} }));
  return Array.isArray(content) && isObject(content[0]) ? Number(content[0].text) : undefined;
};

const invalidState = {
  error: { code: -32602, message: "Invalid or expired requestState" },
};

test.each([
  ["HTTP", callOverHttp],
  ["stdio", callOverStdio],
])(
  "%s: a state that was changed, cut or made for another call is refused and nothing runs",
  async (_, open) => {
    const call = await open();
    const first = await call(start);
    expect(resultOf(first)).toMatchObject({ resultType: "input_required" });
    const state = stateOf(first);
    const runs = await runsOf(call);
    const inputResponses = { first: red };
    const middle = Math.floor(state.length / 2);
    const forged = [
      { ...start, requestState: `${state}-TAMPERED` },
      { ...start, requestState: state.slice(0, -1) },
      { ...start, requestState: `${state.slice(0, middle)}_${state.slice(middle + 1)}` },
      { ...start, requestState: "v1.e30.e30" },
      { ...start, requestState: "" },
      { name: "ask_too", arguments: { topic: "art" }, requestState: state },
      { name: "ask_twice", arguments: { topic: "war" }, requestState: state },
    ];
    for (const params of forged)
      expect(await call({ ...params, inputResponses }), JSON.stringify(params)).toMatchObject(
        invalidState,
      );
    expect(await runsOf(call)).toBe(runs);
    const second = await call({ ...start, requestState: state, inputResponses });
    expect(resultOf(second)).toMatchObject({ resultType: "input_required" });
  },
);

test("an answer that does not fit the form is asked for again, and only that one", async () => {
  const call = await callOverHttp();
  let answer = await call(start);
  for (const wrong of [
    { action: "accept", content: { color: "green" } },
    { action: "maybe" },
    {},
  ]) {
    answer = await call({
      ...start,
      requestState: stateOf(answer),
      inputResponses: { first: wrong },
    });
    expect(Object.keys(resultOf(answer).inputRequests ?? {})).toEqual(["first"]);
  }
  const next = { requestState: stateOf(answer), inputResponses: { first: red } };
  expect(Object.keys(resultOf(await call({ ...start, ...next })).inputRequests ?? {})).toEqual([
    "second",
  ]);
});

test("answers to what was not asked are not read", async () => {
  const call = await callOverHttp();
  const first = await call(start);
  const inputResponses = { first: red, second: red };
  const next = await call({ ...start, requestState: stateOf(first), inputResponses });
  expect(Object.keys(resultOf(next).inputRequests ?? {})).toEqual(["second"]);
});

test("replicas with the same key read each other's state, others do not", async () => {
  const key = "k".repeat(32);
  const [one, two, stranger] = await Promise.all([
    callOverHttp({ REQUEST_STATE_KEY: key }),
    callOverHttp({ REQUEST_STATE_KEY: key }),
    callOverHttp(),
  ]);
  const round = {
    ...start,
    requestState: stateOf(await one(start)),
    inputResponses: { first: red },
  };
  expect(resultOf(await two(round))).toMatchObject({ inputRequests: { second: {} } });
  expect(await stranger(round)).toMatchObject(invalidState);
});

test("a state that has expired is refused; one second earlier it was good", async () => {
  let now = new Date("2026-01-01T00:00:00Z");
  const instance = await server.open({ env: {}, log: silentLog, now: () => now });
  const context = {
    signal: new AbortController().signal,
    era: "modern" as const,
    canAsk: true,
    client: { capabilities: { elicitation: {} } },
  };
  const { result } = await instance.call("ask_too", { topic: "x" }, context);
  if (!result || !("requestState" in result)) throw new Error("It did not ask");
  const next = { ...context, requestState: result.requestState, inputResponses: { first: red } };
  const again = () => instance.call("ask_too", { topic: "x" }, next);
  now = new Date(now.getTime() + (STATE_TTL_SECONDS - 1) * 1000);
  expect(await again()).toHaveProperty("result");
  now = new Date(now.getTime() + 1000);
  expect(await again()).toMatchObject(invalidState);
  await instance.close();
});

test("a stdio connection that speaks 2026-07-28 refuses other revisions later on too", async () => {
  const raw = await startProbeStdio({ era: "modern" });
  await raw.request("tools/list");
  const params = { _meta: { ...asked, [`${PREFIX}/protocolVersion`]: "2099-01-01" } };
  for (const method of ["tools/list", "resources/list"]) {
    const id = `late ${method}`;
    raw.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    const line = await raw.stdout.find((text) => text.includes(id), "The refusal");
    expect(JSON.parse(line)).toMatchObject({
      id,
      error: { code: -32022, data: { supported: [MODERN_VERSION], requested: "2099-01-01" } },
    });
  }
  await raw.request("tools/list");
});
