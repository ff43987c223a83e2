import { McpServer as OldServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { McpServer } from "@modelcontextprotocol/server";
import { expect, test, vi } from "vitest";
import * as z from "zod";
import type { CallContext } from "#shared/bridge/original.ts";
import { silentLog } from "#shared/core/log.ts";

/** The bridge meets one server a process: each test has its own. */
async function bridge() {
  vi.resetModules();
  const { wrapOriginal } = await import("#shared/bridge/original.ts");
  const stdio = await import("#shared/bridge/stdio.ts");
  return { wrapOriginal, stdio };
}

const contextOf = (more: Partial<CallContext> = {}): CallContext => ({
  signal: new AbortController().signal,
  progress: () => {},
  log: silentLog,
  ...more,
});

const text = (value: string) => ({ content: [{ type: "text" as const, text: value }] });

function oldServer(stopped = () => {}) {
  const server = new OldServer({ name: "old", version: "1.0.0" });
  const inputSchema = { name: z.string() };
  server.registerTool("greet", { description: "Greets", inputSchema }, ({ name }) =>
    text(`Hello, ${name}`),
  );
  const outputSchema = { sum: z.number() };
  server.registerTool("add", { description: "Adds", outputSchema }, () => ({
    content: [
      { type: "text", text: '{ "sum": 3 }' },
      { type: "text", text: "three" },
    ],
    structuredContent: { sum: 3 },
  }));
  server.registerTool("fail", { description: "Fails" }, () => ({
    ...text("no luck"),
    isError: true,
  }));
  server.registerTool("wait", { description: "Waits" }, ({ signal, sendNotification, _meta }) => {
    const { progressToken = "" } = _meta ?? {};
    const params = { progressToken, progress: 1, total: 2, message: "half" };
    void sendNotification({ method: "notifications/progress", params });
    return new Promise((resolve) => {
      signal.addEventListener("abort", () => {
        stopped();
        resolve(text("stopped"));
      });
    });
  });
  return server;
}

test("runs a server on SDK 1.x that starts itself over stdio, imported at the first call", async () => {
  const { wrapOriginal, stdio } = await bridge();
  let loads = 0;
  const original = wrapOriginal(async () => {
    loads += 1;
    await oldServer().connect(new stdio.StdioServerTransport());
    return {};
  });
  expect(loads).toBe(0);
  const greeted = await original.call("greet", { name: "Ada" }, contextOf());
  expect(greeted.content).toEqual([{ type: "text", text: "Hello, Ada" }]);
  const { tools } = await original.request("tools/list");
  expect(tools).toHaveLength(4);
  expect(loads).toBe(1);
});

test("runs a factory that SDK 2.x serves over stdio", async () => {
  const { wrapOriginal, stdio } = await bridge();
  const original = wrapOriginal(async () => {
    await stdio.serveStdio(() => {
      const server = new McpServer({ name: "new", version: "1.0.0" });
      server.registerTool("greet", { description: "Greets" }, () => text("Hello"));
      return server;
    });
    return {};
  });
  const { content } = await original.call("greet", {}, contextOf());
  expect(content).toEqual([{ type: "text", text: "Hello" }]);
});

test.each([
  ["a server", () => ({ server: oldServer() })],
  ["what makes one", () => ({ createMcpServer: () => oldServer() })],
  ["what makes one beside other things", () => ({ makeServer: () => ({ server: oldServer() }) })],
])("starts a module that only exports %s", async (_, load) => {
  const { wrapOriginal } = await bridge();
  const original = wrapOriginal(async () => load());
  expect((await original.call("greet", { name: "Ada" }, contextOf())).content).toHaveLength(1);
});

test("keeps a structured result and the content that does not repeat it", async () => {
  const { wrapOriginal } = await bridge();
  const original = wrapOriginal(async () => ({ server: oldServer() }));
  const { structured, content } = await original.call("add", {}, contextOf());
  expect(structured).toEqual({ sum: 3 });
  expect(content).toEqual([{ type: "text", text: "three" }]);
});

test("makes a tool error of what a tool or the protocol says went wrong", async () => {
  const { wrapOriginal } = await bridge();
  const original = wrapOriginal(async () => ({ server: oldServer() }));
  const failure = (tool: string, input: object) => original.call(tool, input, contextOf());
  await expect(failure("fail", {})).rejects.toMatchObject({
    code: "API_ERROR",
    message: "no luck",
  });
  await expect(failure("greet", { name: 1 })).rejects.toMatchObject({ name: "ToolError" });
});

test("hands progress on, and a cancelled call down", async () => {
  const { wrapOriginal } = await bridge();
  const stopped = vi.fn();
  const original = wrapOriginal(async () => ({ server: oldServer(stopped) }));
  const leaving = new AbortController();
  const steps: unknown[] = [];
  const progress: CallContext["progress"] = (...step) => {
    steps.push(step);
    leaving.abort(new Error("gone"));
  };
  const call = original.call("wait", {}, contextOf({ signal: leaving.signal, progress }));
  await expect(call).rejects.toThrow("gone");
  expect(steps).toEqual([[1, 2, "half"]]);
  await vi.waitFor(() => expect(stopped).toHaveBeenCalledOnce());
});

test("keeps the progress of calls at the same time apart", async () => {
  const { wrapOriginal } = await bridge();
  const server = new OldServer({ name: "old", version: "1.0.0" });
  const inputSchema = { step: z.number() };
  server.registerTool("count", { inputSchema }, async ({ step }, { sendNotification, _meta }) => {
    const { progressToken = "" } = _meta ?? {};
    for (const progress of [step, step + 1])
      await sendNotification({
        method: "notifications/progress",
        params: { progressToken, progress },
      });
    return text("done");
  });
  const original = wrapOriginal(async () => ({ server }));
  const heard = await Promise.all(
    [10, 20].map(async (step) => {
      const steps: number[] = [];
      const progress: CallContext["progress"] = (done) => void steps.push(done);
      await original.call("count", { step }, contextOf({ progress }));
      return steps;
    }),
  );
  expect(heard).toEqual([
    [10, 11],
    [20, 21],
  ]);
});

test("a start that failed is tried again by the next call", async () => {
  const { wrapOriginal } = await bridge();
  let tries = 0;
  const original = wrapOriginal(async () => {
    tries += 1;
    if (tries === 1) throw new Error("no network yet");
    return { server: oldServer() };
  });
  const greet = () => original.call("greet", { name: "Ada" }, contextOf());
  await expect(greet()).rejects.toThrow("no network yet");
  expect((await greet()).content).toHaveLength(1);
});

test("a call that is cancelled before it begins reaches nothing", async () => {
  const { wrapOriginal } = await bridge();
  const original = wrapOriginal(async () => ({ server: oldServer() }));
  const signal = AbortSignal.abort(new Error("gone"));
  await expect(original.call("wait", {}, contextOf({ signal }))).rejects.toThrow("gone");
});

test("a server that closes fails its calls, and the next one opens it again", async () => {
  const { wrapOriginal } = await bridge();
  const server = oldServer();
  const original = wrapOriginal(async () => ({ server }));
  const progress = () => void server.close();
  await expect(original.call("wait", {}, contextOf({ progress }))).rejects.toMatchObject({
    code: "UNAVAILABLE",
  });
  expect((await original.call("greet", { name: "Ada" }, contextOf())).content).toHaveLength(1);
});

test("says so when the module starts nothing", async () => {
  vi.useFakeTimers();
  try {
    const { wrapOriginal } = await bridge();
    const original = wrapOriginal(async () => ({ helper: () => 1 }));
    const failed = expect(original.call("greet", {}, contextOf())).rejects.toThrow(
      "does not listen",
    );
    await vi.advanceTimersByTimeAsync(10_000);
    await failed;
  } finally {
    vi.useRealTimers();
  }
});
