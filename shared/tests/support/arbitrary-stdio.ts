import fc from "fast-check";
import type { JsonObject } from "#shared/core/contract.ts";
import { breakages, others, requests, type States } from "./arbitrary-messages.ts";

/** Sequences of messages over one connection: usual beginnings, and whatever may follow them. */

const PREFIX = "io.modelcontextprotocol/";
const clientInfo = { name: "c", version: "1", title: "Client" };
const capabilities = { elicitation: {}, sampling: {}, roots: {} };
const envelope = (version: unknown = "2026-07-28") => ({
  [`${PREFIX}protocolVersion`]: version,
  [`${PREFIX}clientInfo`]: clientInfo,
  [`${PREFIX}clientCapabilities`]: capabilities,
});

const initialize: JsonObject = {
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities, clientInfo },
};
const initialized: JsonObject = { method: "notifications/initialized" };
const discover: JsonObject = { method: "server/discover", params: { _meta: envelope() } };
const call = (name: string, input: JsonObject, _meta?: JsonObject): JsonObject => ({
  method: "tools/call",
  params: { name, arguments: input, ...(_meta && { _meta }) },
});
const other = { name: "other", version: "2" };

const OPENINGS: readonly (readonly JsonObject[])[] = [
  [initialize, initialized],
  [initialize, initialized],
  [initialize, initialized],
  [initialize],
  [
    initialize,
    initialized,
    { method: "initialize", params: { ...(initialize.params as JsonObject), clientInfo: other } },
  ],
  [{ ...initialize, params: { protocolVersion: "2025-11-25", capabilities: {} } }, initialized],
  [discover],
  [discover],
  [discover, discover],
  [discover, initialize, initialized],
  [
    discover,
    { method: "notifications/cancelled", params: { requestId: "?", _meta: envelope() } },
    initialize,
  ],
  [{ method: "tools/list", params: { _meta: envelope() } }],
  [{ method: "tools/list", params: { _meta: envelope("2027-01-01") } }],
  [call("show_caller", {}, envelope())],
  [call("ask_something", { what: "both" }, envelope())],
  [initialized],
  [{ method: "ping" }],
  [],
];

/** What is likely to go wrong on a connection, beside all that `requests` makes. */
const USUAL: readonly JsonObject[] = [
  call("show_caller", {}),
  call("show_caller", {}, envelope()),
  call("ask_something", { what: "form" }),
  call("ask_something", { what: "both" }, { progressToken: 1 }),
  call("notify_client", {}, { progressToken: "p" }),
  call("notify_client", {}, { ...envelope(), [`${PREFIX}logLevel`]: "warning" }),
  call("report_progress", { steps: 3 }, { progressToken: 0 }),
  call("add_numbers", { a: 1 }, envelope()),
  { method: "tools/list" },
  { method: "tools/list", params: { _meta: envelope() } },
  { method: "tools/list", params: { _meta: envelope("2027-01-01") } },
  { method: "ping" },
  { method: "ping", params: { _meta: envelope() } },
  { method: "logging/setLevel", params: { level: "error" } },
  { method: "logging/setLevel", params: { level: "debug" } },
  { method: "logging/setLevel", params: { level: "loud" } },
  { method: "logging/setLevel", params: { level: "error", _meta: { progressToken: {} } } },
  { method: "logging/setLevel", params: { level: "emergency", _meta: {} } },
  { method: "resources/read", params: { uri: "test://plain" } },
  {
    method: "prompts/get",
    params: { name: "greet", arguments: { name: "Ann" }, _meta: envelope() },
  },
  { method: "subscriptions/listen", params: { notifications: {}, _meta: envelope() } },
  initialize,
  initialized,
  discover,
];

type Step = readonly JsonObject[];

const ids = (index: number, given: unknown): unknown => {
  if (typeof given === "string") return `${given}#${index}`;
  return Number.isSafeInteger(given) || given === undefined ? index : given;
};

/** Gives each request of the sequence an id of its own, unless it is one that is wrong; 0 is the first. */
function numbered(messages: readonly JsonObject[]): JsonObject[] {
  return messages.map((message, index) => {
    const isRequest = "method" in message && !String(message.method).startsWith("notifications/");
    const isWrong = "id" in message && message.id === undefined;
    return {
      jsonrpc: "2.0",
      ...message,
      ...(isRequest && !isWrong && { id: ids(index, message.id) }),
    };
  });
}

export interface Sequence {
  messages: JsonObject[];
  /** Ids of requests that are cancelled: whether these are answered is a matter of who is faster. */
  cancelled: Set<unknown>;
}

/** Requests that are cancelled right after, or a while later. */
const CANCEL = "cancel-the-one-before";
const cancelOne: JsonObject = { method: "notifications/cancelled", params: { requestId: CANCEL } };
const endless = fc.constantFrom<JsonObject>(
  call("wait_for_end", {}),
  call("wait_for_end", {}, envelope()),
  call("add_numbers", {}),
);
const cancelling = fc
  .tuple(endless, fc.array(fc.constantFrom(...USUAL), { maxLength: 1 }))
  .map(([one, between]): Step => [one, ...between, cancelOne]);

function aimCancels(messages: JsonObject[]): Sequence {
  const cancelled = new Set<unknown>();
  let last: unknown;
  const aimed = messages.map((message) => {
    const { method, params } = message;
    const name = method === "tools/call" ? (params as JsonObject | undefined)?.name : undefined;
    if (name === "wait_for_end" || name === "add_numbers") last = message.id;
    if (method !== cancelOne.method || (params as JsonObject | undefined)?.requestId !== CANCEL)
      return message;
    cancelled.add(last);
    return { ...message, params: { requestId: last } };
  });
  return { messages: aimed, cancelled };
}

export function sequences(states: States): fc.Arbitrary<Sequence> {
  const one = (arbitrary: fc.Arbitrary<JsonObject>): fc.Arbitrary<Step> =>
    arbitrary.map((message) => [message]);
  const random = requests(states).map(({ message }) => message);
  const step = fc.oneof(
    { weight: 6, arbitrary: one(fc.constantFrom(...USUAL)) },
    { weight: 4, arbitrary: one(random) },
    {
      weight: 1,
      arbitrary: one(fc.tuple(random, breakages).map(([message, broken]) => broken(message))),
    },
    { weight: 1, arbitrary: one(others.map(({ message }) => message)) },
    { weight: 1, arbitrary: cancelling },
  );
  return fc
    .tuple(fc.constantFrom(...OPENINGS), fc.array(step, { maxLength: 5 }))
    .map(([opening, steps]) => aimCancels(numbered([...opening, ...steps.flat()])));
}
