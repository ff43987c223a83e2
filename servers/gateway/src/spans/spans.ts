import { type Attributes, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { Guarded, SpanOfCall, StartSpan } from "../policy/guard.ts";
import type { HowEnded } from "../policy/outcome.ts";
import type { OpenSpans, SpansOptions } from "./open.ts";
import { formatTraceparent, parseTraceparent } from "./traceparent.ts";

/**
 * A span of each request, by the semantic conventions of MCP, sent by OTLP over HTTP. Where to, with
 * which headers and how many of them is read from the variables of OpenTelemetry. Neither arguments nor
 * results are in a span.
 */
export function createSpans({ name, version }: SpansOptions): OpenSpans {
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ "service.name": name, "service.version": version }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer(name, version);
  const startSpan: StartSpan = (request) => {
    const { counts, context } = request;
    const { method, tool } = counts;
    const remote = parseTraceparent(context.traceparent);
    const parent = remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT;
    const span = tracer.startSpan(
      tool === "" ? method : `${method} ${tool}`,
      { kind: SpanKind.SERVER, attributes: attributesOf(request) },
      parent,
    );
    const own = span.spanContext();
    return {
      traceId: own.traceId,
      traceparent: formatTraceparent(own),
      end: (ended) => {
        endWith(span, ended);
        span.end();
      },
    } satisfies SpanOfCall;
  };
  return { startSpan, close: () => provider.shutdown() };
}

function attributesOf({ counts, context, surface }: Guarded<unknown>): Attributes {
  const { server, method, tool } = counts;
  const { requestId, era } = context;
  return {
    "mcp.method.name": method,
    ...(tool !== "" && { "gen_ai.tool.name": tool, "gen_ai.operation.name": "execute_tool" }),
    ...(requestId !== undefined && { "jsonrpc.request.id": String(requestId) }),
    "flotilla.server": server,
    "flotilla.surface": surface,
    "flotilla.era": era,
  };
}

function endWith(
  span: ReturnType<ReturnType<BasicTracerProvider["getTracer"]>["startSpan"]>,
  { outcome, reason }: HowEnded,
): void {
  if (outcome === "ok") return;
  span.setAttribute("error.type", outcome);
  if (outcome === "protocol_error" && reason !== undefined)
    span.setAttribute("rpc.response.status_code", reason);
  span.setStatus({ code: SpanStatusCode.ERROR });
}
