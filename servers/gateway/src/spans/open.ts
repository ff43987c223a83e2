import type { Env } from "#shared/mcp/environment.ts";
import type { StartSpan } from "../policy/guard.ts";

export interface SpansOptions {
  name: string;
  version: string;
}

export interface OpenSpans {
  startSpan: StartSpan;
  /** Sends what was not sent yet. */
  close(): Promise<void>;
}

const ENDPOINTS = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

/** Spans, where there is something that takes them; its libraries are loaded only then. */
export async function openSpans(env: Env, options: SpansOptions): Promise<OpenSpans | undefined> {
  if (!ENDPOINTS.some((name) => env[name])) return undefined;
  const { createSpans } = await import("./spans.ts");
  return createSpans(options);
}
