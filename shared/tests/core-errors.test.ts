import { describe, expect, test } from "vitest";
import * as z from "zod";
import { defineConfig } from "#shared/core/config.ts";
import { onlyContent, text } from "#shared/core/content.ts";
import type { CallContext, JsonObject, Log } from "#shared/core/contract.ts";
import { defineTool, defineToolFor } from "#shared/core/definition.ts";
import { ERROR_CODES, ToolError, toToolError } from "#shared/core/errors.ts";
import { expectToolError } from "#shared/testing/call.ts";
import { host, NOW, openTest, readsOnly } from "./support/instance.ts";

const SECRET = 'top "secret" \\ key';
const config = defineConfig({
  API_KEY: { schema: z.string().optional(), describe: "A key", secret: true, from: "example.com" },
});

/** Calls a tool that ends in this way, and what the server logged meanwhile. */
async function outcomeOf(
  handler: (context: { signal: AbortSignal; require(name: "API_KEY"): string }) => unknown,
  {
    context = {},
    env = { API_KEY: SECRET },
    deadlineMs,
  }: {
    context?: Partial<CallContext>;
    env?: Record<string, string>;
    deadlineMs?: number;
  } = {},
) {
  const logged: [level: string, message: string, fields: JsonObject][] = [];
  const at =
    (level: string) =>
    (message: string, fields: JsonObject = {}) =>
      void logged.push([level, message, fields]);
  const log: Log = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  const tool = defineToolFor<{ API_KEY: string | undefined }>()({
    name: "fail",
    title: "Fail",
    description: "Fails",
    inputSchema: z.object({}),
    annotations: readsOnly,
    ...(deadlineMs !== undefined && { deadlineMs }),
    handler: async (_, given) => onlyContent(text(String(await handler(given)))),
  });
  const instance = await openTest({ tools: [tool], config }, { env, log });
  const { result, error } = await instance.call("fail", {}, host(context));
  return { result, error, logged };
}

const failing = (error: unknown) => () => {
  throw error;
};

test("an error that is not ours keeps its text from the client and gives it to the log", async () => {
  const failure = new Error("ENOENT /home/me/.ssh/id_rsa");
  const { result, logged } = await outcomeOf(failing(failure));
  expectToolError(result, "UNKNOWN");
  expect(JSON.stringify(result)).not.toContain("id_rsa");
  expect(logged).toEqual([
    [
      "error",
      expect.any(String),
      expect.objectContaining({ call: "tools/call fail", error: failure }),
    ],
  ]);
});

test.each([["text"], [undefined], [null], [42], [{ code: "NOT_FOUND", message: "fake" }]])(
  "throwing %j is an unknown error",
  async (thrown) => {
    expectToolError((await outcomeOf(failing(thrown))).result, "UNKNOWN");
  },
);

test.each(ERROR_CODES)("%s goes to the client as it is, with the time", async (code) => {
  const { result } = await outcomeOf(
    failing(new ToolError(code, "Do this.", { details: { a: 1 } })),
  );
  expect(expectToolError(result, code)).toEqual({
    code,
    message: "Do this.",
    details: { a: 1 },
    timestamp: NOW.toISOString(),
  });
});

test("the cause of an error never reaches the client", async () => {
  const cause = new Error("password=hunter2");
  const { result } = await outcomeOf(failing(new ToolError("API_ERROR", "Later.", { cause })));
  expect(JSON.stringify(result)).not.toContain("hunter2");
});

test("a secret is masked in the message and anywhere in the details, quotes and all", async () => {
  const details = { url: `https://x/?k=${SECRET}`, deep: [{ [SECRET]: SECRET }] };
  const { result } = await outcomeOf(
    failing(new ToolError("API_ERROR", `Bad ${SECRET}`, { details })),
  );
  const error = expectToolError(result, "API_ERROR");
  expect(error.message).toBe("Bad [secret]");
  expect(error.details).toEqual({
    url: "https://x/?k=[secret]",
    deep: [{ "[secret]": "[secret]" }],
  });
});

test.each([
  ["a bigint", { n: 1n }],
  ["a cycle", {}],
])("details with %s do not break the call", async (kind, details: JsonObject) => {
  if (kind === "a cycle") details.self = details;
  for (const env of [{}, { API_KEY: SECRET }]) {
    const { result } = await outcomeOf(failing(new ToolError("CONFLICT", "No.", { details })), {
      env,
    });
    expect(expectToolError(result, "CONFLICT").details).toEqual({});
  }
});

test("a missing variable is named, with where to get it", async () => {
  const { result } = await outcomeOf((context) => context.require("API_KEY"), { env: {} });
  const error = expectToolError(result, "CONFIG_ERROR");
  expect(error.message).toBe("API_KEY is not set. A key. Get one: example.com.");
  expect(error.details).toEqual({ reason: "missing_variable", variable: "API_KEY" });
});

test("bad input is told field by field, and the handler does not run", async () => {
  const tool = defineTool({
    name: "add",
    title: "Add",
    description: "Adds",
    inputSchema: z.object({ a: z.number(), b: z.number() }),
    annotations: readsOnly,
    handler: () => expect.unreachable(),
  });
  const instance = await openTest({ tools: [tool] });
  for (const input of [{ a: "x" }, undefined, null, [], "text"]) {
    const { result } = await instance.call("add", input, host());
    const error = expectToolError(result, "VALIDATION_ERROR");
    expect(error.message).toContain("add cannot take this input");
  }
  const { result } = await instance.call("add", { a: "x" }, host());
  expect(expectToolError(result).details).toMatchObject({
    issues: [{ path: "a" }, { path: "b" }],
  });
});

test("a tool that is not there is an error of the protocol", async () => {
  const instance = await openTest({});
  expect(await instance.call("nope", {}, host())).toEqual({
    error: { code: -32602, message: 'Tool "nope" not found' },
  });
});

/** Never ends, whatever it is told. */
const deaf = () => new Promise<never>(() => {});
/** Ends when its signal says so. */
const listening = ({ signal }: { signal: AbortSignal }) =>
  new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

describe.each([
  ["a handler that ignores its signal", deaf],
  ["one that follows it", listening],
])("%s", (_, handler) => {
  test("ends in TIMEOUT at its deadline", async () => {
    expectToolError((await outcomeOf(handler, { deadlineMs: 10 })).result, "TIMEOUT");
  });

  test.each([
    ["a reason", new Error("left")],
    ["no reason", undefined],
    ["a text", "left"],
  ])("ends in CANCELLED when the host aborts with %s", async (__, reason) => {
    const leaving = new AbortController();
    const outcome = outcomeOf(handler, { context: { signal: leaving.signal } });
    setTimeout(() => leaving.abort(reason), 5);
    expectToolError((await outcome).result, "CANCELLED");
  });

  test("does not run for a host that has left already", async () => {
    let ran = false;
    const run = () => {
      ran = true;
      return handler({ signal: AbortSignal.abort() });
    };
    expectToolError(
      (await outcomeOf(run, { context: { signal: AbortSignal.abort() } })).result,
      "CANCELLED",
    );
    expect(ran).toBe(false);
  });
});

test("an error after the deadline is nobody's unhandled rejection", async () => {
  let fail = (_: Error) => {};
  const late = () => new Promise((_, reject) => (fail = reject));
  expectToolError((await outcomeOf(late, { deadlineMs: 5 })).result, "TIMEOUT");
  fail(new Error("late"));
  await new Promise((resolve) => setTimeout(resolve, 20));
});

test("an AbortError without any reason to abort is still told as cancelled", () => {
  expect(toToolError(new DOMException("x", "AbortError")).code).toBe("CANCELLED");
  expect(toToolError(new DOMException("x", "TimeoutError")).code).toBe("TIMEOUT");
});
