import { beforeAll, describe, expect, it } from "vitest";
import { formatTraceparent, parseTraceparent } from "../src/spans/traceparent.ts";
import { ensureBuilt } from "./shared/testing/build.ts";
import { until } from "./shared/testing/within.ts";
import { rpc, saidBy, send, startGuarded } from "./support/access.ts";
import { attributesOf, startCollector } from "./support/collector.ts";

beforeAll(() => ensureBuilt(), 60_000);

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";
const traceparent = `00-${TRACE}-${PARENT}-01`;

describe("a traceparent", () => {
  it("is read and written as W3C has it", () => {
    const span = parseTraceparent(traceparent);
    expect(span).toEqual({ traceId: TRACE, spanId: PARENT, traceFlags: 1, isRemote: true });
    expect(span && formatTraceparent(span)).toBe(traceparent);
  });

  it.each([
    undefined,
    "",
    "00-x",
    traceparent.toUpperCase(),
    `01-${TRACE}-${PARENT}-01`,
    `00-${"0".repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${"0".repeat(16)}-01`,
    `${traceparent}-x`,
  ])("that is %j is none", (text) => {
    expect(parseTraceparent(text)).toBeUndefined();
  });
});

it("each request is a span with its parent, its server gets it as the parent of its own, and the audit log names the trace", async () => {
  const collector = await startCollector();
  const { gateway } = await startGuarded({
    gateway: { access: undefined },
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: "100" },
  });
  const meta = { _meta: { traceparent } };
  const call = (name: string, era: "modern" | "legacy") =>
    rpc(gateway, "/alpha/mcp", undefined, "tools/call", { name, arguments: {}, ...meta }, { era });
  const said = saidBy(await call("see", "modern"));
  await call("fail", "legacy");
  await send(gateway, "/alpha/tools/see", { method: "POST", headers: { traceparent } });
  await rpc(gateway, "/alpha/mcp", undefined, "resources/read", { uri: "note://one" });
  await until(() => collector.spans.length === 4, "The spans");
  const [see, fail, rest, read] = collector.spans;
  if (!see || !fail || !rest || !read) throw new Error("four spans");
  expect(see).toMatchObject({
    name: "tools/call see",
    kind: 2,
    traceId: TRACE,
    parentSpanId: PARENT,
  });
  expect(attributesOf(see)).toEqual({
    "mcp.method.name": "tools/call",
    "gen_ai.tool.name": "see",
    "gen_ai.operation.name": "execute_tool",
    "jsonrpc.request.id": "1",
    "flotilla.server": "alpha",
    "flotilla.surface": "mcp",
    "flotilla.era": "modern",
  });
  expect(said.traceparent).toBe(`00-${TRACE}-${see.spanId}-01`);
  expect(fail).toMatchObject({ traceId: TRACE, status: { code: 2 } });
  expect(attributesOf(fail)).toMatchObject({
    "error.type": "tool_error",
    "flotilla.era": "legacy",
  });
  expect(rest).toMatchObject({ traceId: TRACE, parentSpanId: PARENT });
  expect(read.name).toBe("resources/read");
  expect(read.parentSpanId ?? "").toBe("");
  expect(collector.text()).toContain('"service.name"');
});

it("a collector that is away fails no call", async () => {
  const { gateway } = await startGuarded({
    gateway: { access: undefined },
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1", OTEL_BSP_SCHEDULE_DELAY: "50" },
  });
  for (let times = 0; times < 5; times++) {
    const answer = await rpc(gateway, "/alpha/mcp", undefined, "tools/call", {
      name: "see",
      arguments: {},
    });
    expect(saidBy(answer).calls).toBe(times + 1);
  }
  expect(gateway.stdout.text()).not.toContain("OTLP");
});
