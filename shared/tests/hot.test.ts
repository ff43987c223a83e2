import { describe, expect, it } from "vitest";
import type { JsonObject } from "#shared/core/contract.ts";
import { readHot } from "#shared/mcp/hot.ts";
import { isRequest, readCancelled, readSetLevel } from "#shared/mcp/hot-frames.ts";

const PREFIX = "io.modelcontextprotocol/";
const envelope: JsonObject = {
  [`${PREFIX}protocolVersion`]: "2026-07-28",
  [`${PREFIX}clientInfo`]: { name: "c", version: "1" },
  [`${PREFIX}clientCapabilities`]: {},
};
const request = (method: string, params?: JsonObject, rest: JsonObject = {}): JsonObject => ({
  jsonrpc: "2.0",
  id: 1,
  method,
  ...(params && { params }),
  ...rest,
});
const call = (params: JsonObject) => request("tools/call", { name: "t", ...params });
const initialize = (params: JsonObject) =>
  request("initialize", {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "c", version: "1" },
    ...params,
  });

describe("The ordinary form", () => {
  it("is read of a call, with all that it carries", () => {
    const _meta = { ...envelope, [`${PREFIX}logLevel`]: "info", progressToken: 0 };
    const retry = { inputResponses: { form: { action: "decline" } }, requestState: "sealed" };
    expect(readHot(call({ arguments: { a: 1 }, _meta, ...retry }))).toEqual({
      method: "tools/call",
      id: 1,
      envelope: { client: { name: "c", version: "1", capabilities: {} }, logLevel: "info" },
      name: "t",
      input: { a: 1 },
      progressToken: 0,
      ...retry,
    });
  });

  it.each<[string, JsonObject]>([
    ["a list without parameters", request("tools/list")],
    ["a list with empty ones", request("tools/list", {})],
    ["a list with a text for an id", request("tools/list", {}, { id: "" })],
    ["a list of 2026-07-28", request("tools/list", { _meta: envelope })],
    ["a ping", request("ping")],
    ["a discover", request("server/discover", { _meta: envelope })],
    ["a call without input", call({})],
    [
      "a call with keys of the client's own",
      call({ _meta: { "claudecode/toolUseId": "toolu_1" } }),
    ],
    [
      "a call with a trace",
      call({ _meta: { traceparent: "00-0-0-01", "vscode.requestId": "r", progressToken: "p" } }),
    ],
    ["an unknown revision", initialize({ protocolVersion: "2099-01-01" })],
    [
      "a client that says all of itself",
      initialize({
        clientInfo: {
          name: "c",
          title: "C",
          version: "1",
          description: "d",
          websiteUrl: "https://example.org",
          icons: [{ src: "i", theme: "dark", sizes: ["any"] }],
        },
        capabilities: {
          roots: { listChanged: true },
          sampling: { tools: {}, context: {} },
          elicitation: { form: {}, url: {} },
          tasks: { list: {}, cancel: {}, requests: { elicitation: { create: {} } } },
          extensions: { "io.modelcontextprotocol/ui": { mimeTypes: [] } },
          experimental: { x: {} },
        },
      }),
    ],
  ])("is that of %s", (_, message) => {
    expect(readHot(message)).toBeDefined();
  });

  const client = (info: unknown) => initialize({ clientInfo: info });
  const capable = (capabilities: unknown) => initialize({ capabilities });
  it.each<[string, unknown]>([
    ["no object", 5],
    ["nothing", null],
    ["a batch", [request("ping")]],
    ["another version of JSON-RPC", request("ping", {}, { jsonrpc: "1.0" })],
    ["no id", { jsonrpc: "2.0", method: "ping" }],
    ["an id of null", request("ping", {}, { id: null })],
    ["a broken id", request("ping", {}, { id: 1.5 })],
    ["an id too large", request("ping", {}, { id: 2 ** 53 })],
    ["a key more", request("ping", {}, { extra: 1 })],
    ["parameters that are a list", request("ping", [] as unknown as JsonObject)],
    ["an unknown method", request("resources/list")],
    ["a cursor", request("tools/list", { cursor: "x" })],
    ["a token where nothing runs", request("tools/list", { _meta: { progressToken: 1 } })],
    ["a ping of 2026-07-28", request("ping", { _meta: envelope })],
    ["a discover before it", request("server/discover")],
    ["a name that is no text", call({ name: 1 })],
    ["input that is no object", call({ arguments: [] })],
    ["a task", call({ task: {} })],
    ["a token that is none", call({ _meta: { progressToken: 1.5 } })],
    ["a reserved key", call({ _meta: { [`${PREFIX}related-task`]: { taskId: "t" } } })],
    ["an envelope without its version", call({ _meta: { [`${PREFIX}clientCapabilities`]: {} } })],
    [
      "another revision",
      call({ _meta: { ...envelope, [`${PREFIX}protocolVersion`]: "2027-01-01" } }),
    ],
    ["an unknown level", call({ _meta: { ...envelope, [`${PREFIX}logLevel`]: "loud" } })],
    ["answers before 2026-07-28", call({ inputResponses: {}, requestState: "s" })],
    ["answers without a state", call({ _meta: envelope, inputResponses: {} })],
    ["a state without answers", call({ _meta: envelope, requestState: "s" })],
    [
      "a wrapped answer",
      call({ _meta: envelope, requestState: "s", inputResponses: { a: { result: {} } } }),
    ],
    ["an initialize with an envelope", initialize({ _meta: envelope })],
    ["no version", initialize({ protocolVersion: 1 })],
    ["a client without a name", client({ version: "1" })],
    ["a client with a key more", client({ name: "c", version: "1", extra: 1 })],
    ["an icon without a source", client({ name: "c", version: "1", icons: [{}] })],
    ["a capability more", capable({ other: {} })],
    ["a mode more", capable({ elicitation: { voice: {} } })],
    ["a form with more", capable({ elicitation: { form: { x: 1 } } })],
    ["roots that say yes", capable({ roots: { listChanged: "yes" } })],
    ["an extension that is none", capable({ extensions: { x: 1 } })],
    ["capabilities of nothing", capable(undefined)],
    ["a key that objects have", capable(JSON.parse('{"extensions":{"__proto__":{}}}'))],
  ])("is not that of %s", (_, message) => {
    expect(readHot(message)).toBeUndefined();
  });
});

describe("What the SDK answers", () => {
  it("is a request, whatever its method", () => {
    expect(isRequest(request("any/method"))).toBe(true);
    expect(isRequest(request("any/method", { _meta: { progressToken: "t" } }))).toBe(true);
  });

  it.each<JsonObject>([
    { jsonrpc: "2.0", method: "x" },
    request("x", {}, { id: null }),
    request("x", {}, { id: 0.5 }),
    request("x", {}, { extra: 1 }),
    request("x", { _meta: 1 }),
    request("x", { _meta: { progressToken: {} } }),
    { jsonrpc: "2.0", id: 1, result: {} },
  ])("is not %j", (message) => {
    expect(isRequest(message)).toBe(false);
  });

  it("is cancelled by a well-formed notification alone", () => {
    const cancelled = (params: JsonObject, rest: JsonObject = {}) =>
      readCancelled({ jsonrpc: "2.0", method: "notifications/cancelled", params, ...rest });
    expect(cancelled({ requestId: 0 })).toBe(0);
    expect(cancelled({ requestId: "a", reason: "slow" })).toBe("a");
    expect(cancelled({ requestId: 1.5 })).toBeUndefined();
    expect(cancelled({ requestId: 1, reason: 5 })).toBeUndefined();
    expect(cancelled({ requestId: 1 }, { id: 2 })).toBeUndefined();
    expect(cancelled({})).toBeUndefined();
  });

  it("sets the level that it names, if there is one of that name", () => {
    const level = (params: JsonObject) => readSetLevel(request("logging/setLevel", params));
    expect(level({ level: "error" })).toBe("error");
    expect(level({ level: "loud" })).toBeUndefined();
    expect(level({ level: "error", _meta: {} })).toBeUndefined();
    expect(readSetLevel(request("other", { level: "error" }))).toBeUndefined();
  });
});
