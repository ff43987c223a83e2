import fc from "fast-check";
import type { JsonObject } from "#shared/core/contract.ts";
import { LEGACY_VERSIONS, MODERN_VERSION } from "#shared/mcp/hot.ts";
import { TOOL_NAMES } from "./differential-server.ts";

/** Messages of both eras, well formed and broken, as fast-check makes them. */

export const PREFIX = "io.modelcontextprotocol/";
export type Era = "legacy" | "modern";

/** Values that fit nowhere in particular. */
export const ODD_VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -0, -1, 1, 1.5, 2 ** 53, -(2 ** 53), 1e300],
  ...["", " ", "x", "0", "constructor", "__proto__", "été 😀"],
  ...[[], [1], [[]], {}, { a: 1 }, { form: {} }, { method: "x" }, { result: {} }],
];
const odd = fc.constantFrom(...ODD_VALUES);

export const ids = fc.oneof(
  { weight: 30, arbitrary: fc.integer({ min: 0, max: 1000 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<string | number>("a", "", "7", -5, Number.MAX_SAFE_INTEGER),
  },
  { weight: 1, arbitrary: odd },
);

const IMPLEMENTATIONS: readonly unknown[] = [
  { name: "c", version: "1" },
  { name: "c", version: "1", title: "Client" },
  { name: "c", version: "1", websiteUrl: "https://example.org", description: "A client" },
  { name: "c", version: "1", icons: [{ src: "https://example.org/i.png", sizes: ["48x48"] }] },
  { name: "c", version: "1", icons: [{ src: "data:x", theme: "dark", mimeType: "image/png" }] },
  { name: "c", version: "1", icons: [{ src: 1 }] },
  { name: "c", version: "1", icons: [{ src: "x", theme: "blue" }] },
  { name: "c", version: "1", icons: "x" },
  { name: "c", version: "1", websiteUrl: 7 },
  { name: "c", version: "1", extra: true },
  { name: "c" },
  { version: "1" },
  { name: 1, version: "1" },
  { name: "c", version: null },
  { name: "c", version: "1", title: null },
];

const CAPABILITIES: readonly unknown[] = [
  {},
  { elicitation: {} },
  { elicitation: { form: {} } },
  { elicitation: { form: {}, url: {} } },
  { elicitation: { form: { applyDefaults: true } } },
  { elicitation: { form: { applyDefaults: 1 } } },
  { elicitation: { form: { x: 1 } } },
  { elicitation: { url: {} } },
  { elicitation: { other: {} } },
  { elicitation: true },
  { sampling: {} },
  { sampling: { tools: {}, context: {} } },
  { sampling: { tools: true } },
  { sampling: { other: 1 } },
  { roots: { listChanged: true } },
  { roots: { listChanged: "yes" } },
  { roots: { other: 1 } },
  { elicitation: {}, sampling: {}, roots: {} },
  { experimental: {} },
  { experimental: { x: {} } },
  { experimental: { x: 1 } },
  { extensions: { "io.example/ui": { mimeTypes: ["text/html"] } } },
  { extensions: { x: null } },
  { extensions: [] },
  { tasks: { list: {}, cancel: {}, requests: { sampling: { createMessage: {} } } } },
  { tasks: { requests: { elicitation: { create: {} } }, other: 1 } },
  { tasks: { list: true } },
  { unknown: {} },
  { unknown: 1 },
  null,
  [],
  "x",
];
const usual = (all: readonly unknown[], weight = 8) =>
  fc.oneof(
    { weight, arbitrary: fc.constantFrom(...all.slice(0, 4)) },
    { weight: 3, arbitrary: fc.constantFrom(...all) },
  );
export const implementations = usual(IMPLEMENTATIONS);
export const capabilities = fc.oneof(
  { weight: 1, arbitrary: usual(CAPABILITIES) },
  { weight: 1, arbitrary: fc.constant({ elicitation: { form: {} }, sampling: {}, roots: {} }) },
);

/** Absent, or `arbitrary` in one of `every` cases. */
const onceIn = <T>(every: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: every - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const often = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 30, arbitrary }, { weight: 1, arbitrary: fc.constant(undefined) });

const LEVELS = ["debug", "info", "warning", "emergency", "loud"];

/** The envelope of 2026-07-28, mostly whole. */
const envelopes = fc
  .record({
    [`${PREFIX}protocolVersion`]: often(
      fc.oneof(
        { weight: 40, arbitrary: fc.constant(MODERN_VERSION) },
        { weight: 1, arbitrary: fc.constantFrom("2027-01-01", "2025-11-25", "", 1) },
      ),
    ),
    [`${PREFIX}clientInfo`]: often(implementations),
    [`${PREFIX}clientCapabilities`]: often(capabilities),
    [`${PREFIX}logLevel`]: onceIn(2, fc.constantFrom<unknown>(...LEVELS.slice(0, 4), ...LEVELS, 3)),
  })
  .map(dropUndefined);

const tokens = onceIn(
  3,
  fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom<unknown>("t", 1, 0, "") },
    { weight: 1, arbitrary: odd },
  ),
);
const extraMeta = fc.constantFrom<JsonObject>(
  ...Array.from({ length: 20 }, () => ({})),
  { "vendor/id": "x" },
  { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" },
  { traceparent: 5 },
  { [`${PREFIX}related-task`]: { taskId: "t" } },
  { [`${PREFIX}related-task`]: 1 },
  { [`${PREFIX}other`]: 1 },
  { __extra: { deep: [] } },
);

function metas(era: Era): fc.Arbitrary<JsonObject | undefined> {
  const own = fc
    .tuple(tokens, extraMeta)
    .map(([progressToken, extra]) => dropUndefined({ progressToken, ...extra }));
  if (era === "legacy") return onceIn(2, own);
  return fc.tuple(envelopes, own).map(([envelope, rest]) => ({ ...envelope, ...rest }));
}

/** Request states that the server made, by what was asked: see `askedStates`. */
export type States = Record<string, string>;

const answersFor = (what: unknown) => {
  const form = { action: "accept", content: { choice: "this" } };
  const model = { role: "assistant", content: { type: "text", text: "42" }, model: "m" };
  const all: JsonObject = { form: { form }, model: { model }, roots: { roots: { roots: [] } } };
  return typeof what === "string" && what in all ? all[what] : { form, model };
};

/** What each tool is called with, beside what fits none. */
const INPUTS: Record<string, readonly unknown[]> = {
  add_numbers: [{}, undefined, { a: 1, b: 2 }, { a: "x" }, { a: 1, extra: {} }],
  show_caller: [{}],
  report_progress: [{}, { steps: 0 }, { steps: 1 }, { steps: 3 }, { steps: 4 }],
  notify_client: [{}],
  fail_hard: [{}, { how: "unknown" }],
  break_protocol: [
    {},
    { code: -32_002, data: { uri: "x" } },
    { code: -32_021, data: { requiredCapabilities: {} } },
    { code: -32_042, data: {} },
    { code: -32_601 },
    { code: 5, data: null },
  ],
  ask_something: [{}, { what: "both" }],
  return_rich: [{}],
  return_plain: [{}],
};

function askCalls(states: States): fc.Arbitrary<JsonObject> {
  const whats = fc.constantFrom("form", "model", "roots", "both");
  return whats.chain((what) =>
    fc
      .record({
        inputResponses: fc.option(
          fc.oneof(
            { weight: 4, arbitrary: fc.constant(answersFor(what)) },
            {
              weight: 1,
              arbitrary: fc.constantFrom<unknown>(
                {},
                { form: 1 },
                { form: { method: "x", result: {} } },
                7,
                null,
              ),
            },
            { weight: 1, arbitrary: fc.constant(answersFor("form")) },
          ),
          { nil: undefined, freq: 3 },
        ),
        requestState: fc.option(
          fc.oneof(
            { weight: 4, arbitrary: fc.constant(states[what]) },
            { weight: 1, arbitrary: fc.constantFrom<unknown>("", "v1.a.b", 5, null, states.form) },
          ),
          { nil: undefined, freq: 3 },
        ),
      })
      .map((retry) => dropUndefined({ name: "ask_something", arguments: { what }, ...retry })),
  );
}

function calls(states: States): fc.Arbitrary<JsonObject> {
  const known = fc.constantFrom(
    ...TOOL_NAMES.flatMap((name) =>
      (INPUTS[name] ?? []).map((input) => ({ name, arguments: input })),
    ),
  );
  const unknown = fc.record({
    name: fc.constantFrom("missing", "", "été", "=?base64?YQ==?=", "a b"),
    arguments: odd,
  });
  return fc.oneof(
    { weight: 12, arbitrary: known.map(dropUndefined) },
    { weight: 1, arbitrary: unknown },
    { weight: 4, arbitrary: askCalls(states) },
  );
}

const cursors = onceIn(6, fc.constantFrom<unknown>("", "abc", 5, null)).map((cursor) =>
  dropUndefined({ cursor }),
);
const none = fc.constantFrom<JsonObject | undefined>({}, undefined);
const initializeParams = fc
  .record({
    protocolVersion: often(
      fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom<unknown>(...LEGACY_VERSIONS) },
        {
          weight: 1,
          arbitrary: fc.constantFrom<unknown>("2023-01-01", MODERN_VERSION, "", "x", 5),
        },
      ),
    ),
    capabilities: often(capabilities),
    clientInfo: often(implementations),
  })
  .map(dropUndefined);

interface MethodParams {
  method: string;
  params: fc.Arbitrary<JsonObject | undefined>;
  weight: number;
}

const methodsOf = (states: States): MethodParams[] => [
  { method: "tools/call", params: calls(states), weight: 12 },
  { method: "tools/list", params: cursors, weight: 4 },
  { method: "server/discover", params: none, weight: 3 },
  { method: "initialize", params: initializeParams, weight: 4 },
  { method: "ping", params: none, weight: 2 },
  { method: "resources/list", params: cursors, weight: 1 },
  {
    method: "resources/read",
    params: fc.constantFrom({ uri: "test://plain" }, { uri: "test://none" }, {}),
    weight: 2,
  },
  { method: "prompts/list", params: cursors, weight: 1 },
  {
    method: "prompts/get",
    params: fc.constantFrom<JsonObject>(
      { name: "greet", arguments: { name: "Ann" } },
      { name: "greet" },
      { name: "none" },
    ),
    weight: 2,
  },
  {
    method: "logging/setLevel",
    params: fc.constantFrom<JsonObject>({ level: "error" }, { level: "loud" }, {}),
    weight: 2,
  },
  {
    method: "subscriptions/listen",
    params: fc.constantFrom<JsonObject>({ notifications: {} }, {}),
    weight: 1,
  },
  { method: "completion/complete", params: none, weight: 1 },
  { method: "unknown/method", params: none, weight: 1 },
  { method: "toString", params: none, weight: 1 },
];

const eras = fc.constantFrom<Era>("legacy", "modern");

export interface Made {
  era: Era;
  message: JsonObject;
}

/** A request, well formed or nearly so. */
export function requests(states: States): fc.Arbitrary<Made> {
  const byWeight = methodsOf(states).map(({ method, params, weight }) => ({
    weight,
    arbitrary: fc.record({ era: eras, method: fc.constant(method), id: ids, params }),
  }));
  return fc.oneof(...byWeight).chain(({ era, method, id, params }) =>
    metas(method === "initialize" ? "legacy" : era).map((_meta) => ({
      era,
      message: dropUndefined({
        jsonrpc: "2.0",
        id,
        method,
        params: params || _meta ? dropUndefined({ ...params, _meta }) : undefined,
      }),
    })),
  );
}

/** What is posted or written beside requests: notifications and answers to nothing. */
export const others: fc.Arbitrary<Made> = fc
  .tuple(
    eras,
    fc.constantFrom<JsonObject>(
      { method: "notifications/initialized" },
      { method: "notifications/cancelled", params: { requestId: 99_999 } },
      { method: "notifications/cancelled" },
      { method: "notifications/roots/list_changed" },
      { method: "notifications/progress", params: { progressToken: 1, progress: 1 } },
      { method: "notifications/unknown" },
      { id: 1, result: {} },
      { id: "x", error: { code: 1, message: "m" } },
      { id: 1 },
      {},
    ),
    metas("modern"),
  )
  .map(([era, message, _meta]) => {
    const params = message.params as JsonObject | undefined;
    const withMeta =
      era === "modern" && "method" in message ? { params: { ...params, _meta } } : {};
    return { era, message: { jsonrpc: "2.0", ...message, ...withMeta } };
  });

const PATHS: readonly (readonly string[])[] = [
  ["jsonrpc"],
  ["id"],
  ["method"],
  ["params"],
  ["extra"],
  ["result"],
  ["error"],
  ["params", "extra"],
  ["params", "name"],
  ["params", "arguments"],
  ["params", "cursor"],
  ["params", "task"],
  ["params", "inputResponses"],
  ["params", "requestState"],
  ["params", "protocolVersion"],
  ["params", "clientInfo"],
  ["params", "clientInfo", "title"],
  ["params", "capabilities"],
  ["params", "capabilities", "elicitation"],
  ["params", "capabilities", "extensions"],
  ["params", "_meta"],
  ["params", "_meta", "progressToken"],
  ["params", "_meta", "extra"],
  ...["protocolVersion", "clientInfo", "clientCapabilities", "logLevel", "related-task"].map(
    (key) => ["params", "_meta", PREFIX + key],
  ),
  ["params", "_meta", `${PREFIX}clientInfo`, "name"],
  ["params", "_meta", `${PREFIX}clientCapabilities`, "sampling"],
];

/** One field of a message taken away, or set to what does not belong there. */
export const breakages = fc
  .tuple(fc.constantFrom(...PATHS), fc.option(odd, { nil: undefined, freq: 3 }))
  .map(
    ([path, value]) =>
      (message: JsonObject) =>
        setAt(message, path, value),
  );

function setAt(
  target: JsonObject,
  [key = "", ...rest]: readonly string[],
  value: unknown,
): JsonObject {
  if (rest.length > 0) {
    const inner = target[key];
    const isObject = typeof inner === "object" && inner !== null && !Array.isArray(inner);
    return isObject ? { ...target, [key]: setAt(inner as JsonObject, rest, value) } : target;
  }
  const { [key]: _, ...others } = target;
  return value === undefined ? others : { ...others, [key]: value };
}

function dropUndefined(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
