import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { askForm, askModel, askRoots, ProtocolFailure } from "#shared/core/ask.ts";
import { image, RichResult, text } from "#shared/core/content.ts";
import type { Instance, ServerModule } from "#shared/core/contract.ts";
import { definePrompt, defineResource, defineTool } from "#shared/core/definition.ts";
import { ToolError } from "#shared/core/errors.ts";
import { createServer } from "#shared/core/server.ts";

/** A server with a tool for each way in which an answer can come about; all of it is repeatable. */

const annotations = { readOnlyHint: true, idempotentHint: true, openWorldHint: false } as const;
const described = (name: string) => ({
  name,
  title: name,
  description: `What ${name} does.`,
  annotations,
});

const addNumbers = defineTool({
  ...described("add_numbers"),
  inputSchema: z.object({ a: z.number().default(1), b: z.number().default(2) }),
  outputSchema: z.object({ sum: z.number() }),
  handler: ({ a, b }) => ({ sum: a + b }),
});

/** The order of keys says nothing, but shows in the text of a result. */
export const sorted = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, one]) => [key, sorted(one)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
};

/** Shows all that a handler knows of its caller: both ways must know the same. */
const showCaller = defineTool({
  ...described("show_caller"),
  inputSchema: z.object({}),
  outputSchema: z.object({ client: z.record(z.string(), z.unknown()), requestId: z.string() }),
  handler: (_, { client, requestId }) => ({
    client: Object(sorted(client)),
    requestId,
  }),
});

const reportProgress = defineTool({
  ...described("report_progress"),
  inputSchema: z.object({ steps: z.int().min(0).max(3).default(2) }),
  outputSchema: z.object({ steps: z.number() }),
  handler: async ({ steps }, { progress }) => {
    for (let step = 1; step <= steps; step++) {
      if (step === 1) progress(step);
      else progress(step, steps, `step ${step}`);
      await sleep(0);
    }
    return { steps };
  },
});

const notifyClient = defineTool({
  ...described("notify_client"),
  inputSchema: z.object({}),
  handler: (_, { notify, progress }) => {
    notify("debug", "first");
    progress(1, 1);
    notify("warning", { second: [2] });
    return new RichResult(undefined, [text("told")]);
  },
});

const failHard = defineTool({
  ...described("fail_hard"),
  inputSchema: z.object({ how: z.enum(["tool", "unknown"]).default("tool") }),
  outputSchema: z.object({ never: z.string() }),
  handler: ({ how }) => {
    if (how === "unknown") throw new Error("text that nobody should see");
    throw new ToolError("NOT_FOUND", "There is none. Ask for another.", { details: { id: 7 } });
  },
});

const breakProtocol = defineTool({
  ...described("break_protocol"),
  inputSchema: z.object({ code: z.int().default(-32_050), data: z.unknown().optional() }),
  handler: ({ code, data }) => {
    throw new ProtocolFailure({
      code,
      message: "The protocol is broken",
      ...(data !== undefined && { data }),
    });
  },
});

const askSomething = defineTool({
  ...described("ask_something"),
  inputSchema: z.object({ what: z.enum(["form", "model", "roots", "both"]).default("form") }),
  outputSchema: z.object({ answers: z.record(z.string(), z.unknown()) }),
  handler: async ({ what }, { ask, notify }) => {
    notify("info", "before the question");
    const form = askForm("Which one?", z.object({ choice: z.string() }));
    const message = { role: "user", content: { type: "text", text: "?" } } as const;
    const model = askModel({ messages: [message], maxTokens: 5 });
    if (what === "form") return { answers: await ask({ form }) };
    if (what === "model") return { answers: await ask({ model }) };
    if (what === "roots") return { answers: await ask({ roots: askRoots() }) };
    return { answers: await ask({ form, model }) };
  },
});

const returnRich = defineTool({
  ...described("return_rich"),
  inputSchema: z.object({}),
  outputSchema: z.object({ kind: z.string() }),
  _meta: { "example.org/listed": true },
  handler: () =>
    new RichResult(
      { kind: "rich" },
      [
        { ...text("said"), annotations: { audience: ["user"], priority: 0.5 }, _meta: { own: 1 } },
        image(Buffer.from("pixels"), "image/png"),
        { type: "resource_link", uri: "test://plain", name: "plain", title: "Plain", size: 4 },
        { type: "resource", resource: { uri: "test://plain", text: "text", _meta: { deep: {} } } },
      ],
      { "example.org/result": { nested: [1] } },
    ),
});

const returnPlain = defineTool({
  ...described("return_plain"),
  inputSchema: z.object({}),
  handler: () => new RichResult(undefined, [text("only text")]),
});

/** Turns of the microtask queue after which a result has been written, and the response is not closed yet. */
const WRITTEN_TURNS = 100;

async function goOn(report: () => void): Promise<void> {
  for (let turn = 0; turn < WRITTEN_TURNS; turn++) await undefined;
  report();
  await sleep(5);
  report();
}

/** Goes on reporting after its result, as a handler does that forgot to wait for its work. */
const reportLate = defineTool({
  ...described("report_late"),
  inputSchema: z.object({}),
  handler: (_, { notify, progress }) => {
    void goOn(() => {
      progress(1, 1);
      notify("error", "late");
    });
    return new RichResult(undefined, [text("done")]);
  },
});

const waitForEnd = defineTool({
  ...described("wait_for_end"),
  inputSchema: z.object({ ms: z.int().min(0).max(600_000).default(600_000) }),
  outputSchema: z.object({ waited: z.boolean() }),
  handler: async ({ ms }, { signal }) => {
    await sleep(ms, undefined, { signal });
    return { waited: true };
  },
});

export const TOOL_NAMES = [
  "add_numbers",
  "show_caller",
  "report_progress",
  "notify_client",
  "fail_hard",
  "break_protocol",
  "ask_something",
  "return_rich",
  "return_plain",
] as const;

export interface TestServerOptions {
  logging?: boolean;
}

export function testServer({ logging = true }: TestServerOptions = {}): ServerModule {
  return createServer({
    manifest: {
      name: "test-server",
      version: "1.2.3",
      description: "For tests",
      flotilla: { title: "Test", port: 3999 },
    },
    instructions: "Compare the answers.",
    features: { logging, completions: true, subscribe: true },
    tools: [
      addNumbers,
      showCaller,
      reportProgress,
      notifyClient,
      failHard,
      breakProtocol,
      askSomething,
      returnRich,
      returnPlain,
      waitForEnd,
      reportLate,
    ],
    resources: [
      defineResource({
        uri: "test://plain",
        name: "plain",
        title: "Plain",
        description: "A text",
        read: (uri) => ({ contents: [{ uri, text: "plain" }] }),
      }),
    ],
    prompts: [
      definePrompt({
        name: "greet",
        title: "Greet",
        description: "A greeting",
        arguments: z.object({ name: z.string() }),
        get: ({ name }) => ({
          messages: [{ role: "user", content: { type: "text", text: `Greet ${name}` } }],
        }),
      }),
    ],
  });
}

const STATE_KEY = "a key of tests that is long enough to seal";
const EPOCH = new Date("2026-09-01T00:00:00Z");
export const silentLog = { debug() {}, info() {}, warn() {}, error() {} };

/** Opens it with a clock that stands still and a key that is known, so that equal calls have equal answers. */
export const openTestServer = (module: ServerModule) =>
  module.open({ env: { REQUEST_STATE_KEY: STATE_KEY }, log: silentLog, now: () => EPOCH });

/** States that the server would give out, so that what is sent back can be right. */
export async function askedStates(instance: Instance): Promise<Record<string, string>> {
  const states: Record<string, string> = {};
  const client = { capabilities: { elicitation: {}, sampling: {}, roots: {} } };
  const { signal } = new AbortController();
  for (const what of ["form", "model", "roots", "both"]) {
    const context = { signal, client, era: "modern", canAsk: true } as const;
    const { result } = await instance.call("ask_something", { what }, context);
    if (result && "requestState" in result) states[what] = result.requestState;
  }
  return states;
}
