// Copied from shared/testing/messages.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { JsonObject } from "#shared/core/contract.ts";

/** Messages written by hand: no client library stands between a test and what the server says. */
export type Era = "legacy" | "modern";
export const ERAS = ["legacy", "modern"] as const;

/** The last revision with `initialize`, and the first without. */
export const LEGACY_VERSION = "2025-11-25";
export const MODERN_VERSION = "2026-07-28";

const clientInfo = { name: "contract-suite", version: "1.0.0" };

export const initializeParams: JsonObject = {
  protocolVersion: LEGACY_VERSION,
  capabilities: {},
  clientInfo,
};

/** Parameters as the era wants them: from 2026-07-28 on each request says who asks, and how. */
export function paramsFor(era: Era, params: JsonObject = {}): JsonObject {
  if (era === "legacy") return params;
  const _meta = {
    ...(isObject(params._meta) && params._meta),
    "io.modelcontextprotocol/protocolVersion": MODERN_VERSION,
    "io.modelcontextprotocol/clientInfo": clientInfo,
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  return { ...params, _meta };
}

/** The headers that go with a POST of this method, by the Streamable HTTP of the era. */
export function headersFor(
  era: Era,
  method: string,
  params: JsonObject = {},
): Record<string, string> {
  const always = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
  };
  if (era === "legacy") {
    return method === "initialize" ? always : { ...always, "mcp-protocol-version": LEGACY_VERSION };
  }
  const name = params.name ?? params.uri;
  return {
    ...always,
    "mcp-protocol-version": MODERN_VERSION,
    "mcp-method": method,
    ...(typeof name === "string" && { "mcp-name": name }),
  };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A JSON-RPC message, or undefined for text that is none. */
export function parseMessage(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && value.jsonrpc === "2.0" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The result of an answer; throws on an error of the protocol. */
export function resultOf(answer: JsonObject): JsonObject {
  if (isObject(answer.result)) return answer.result;
  throw new Error(`An answer without a result: ${JSON.stringify(answer)}`);
}

/** The messages of an event stream: an event's data lines joined. */
export function eventMessages(stream: string): JsonObject[] {
  return stream.split(/\r?\n\r?\n/).flatMap((event) => {
    const data = event
      .split(/\r?\n/)
      .filter((line) => line.startsWith("data:"))
      .map((line) => line.slice("data:".length).trimStart())
      .join("\n");
    const message = parseMessage(data);
    return message ? [message] : [];
  });
}
