import type { JsonObject } from "#shared/core/contract.ts";
import { isObject, type Message, objectOf, textOf } from "./wire.ts";

/** A value that a header can carry as it is: printable ASCII without spaces at its ends. */
const PLAIN = /^(?! )[\x20-\x7e]*(?<! )$/;
const TOKEN = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;

/** As MCP 2026-07-28 writes what a header cannot carry. */
export const headerValue = (text: string): string =>
  PLAIN.test(text) && !text.startsWith("=?base64?")
    ? text
    : `=?base64?${Buffer.from(text, "utf8").toString("base64")}?=`;

/** The headers that say what the body says. */
export function requestHeaders(message: Message): Record<string, string> {
  const method = textOf(message.method) ?? "";
  const params = objectOf(message.params);
  const name = textOf(params.name) ?? textOf(params.uri);
  const named = ["tools/call", "prompts/get", "resources/read"].includes(method);
  return {
    "mcp-method": method,
    ...(named && name !== undefined && { "mcp-name": headerValue(name) }),
  };
}

/** The revision that a request says it is written by. */
export function claimedVersion({ params }: Message): string | undefined {
  const meta = objectOf(objectOf(params)._meta);
  return textOf(meta["io.modelcontextprotocol/protocolVersion"]);
}

/** The arguments that a tool's schema wants in headers too, by `x-mcp-header` of its properties. */
export function parameterHeaders(schema: JsonObject, input: unknown): Record<string, string> {
  const headers: Record<string, string> = {};
  const walk = (node: JsonObject, value: unknown) => {
    for (const [key, property] of Object.entries(objectOf(node.properties))) {
      if (!isObject(property)) continue;
      const given = isObject(value) ? value[key] : undefined;
      const header = textOf(property["x-mcp-header"]);
      const isPrimitive = ["string", "number", "boolean"].includes(typeof given);
      if (header !== undefined && TOKEN.test(header) && isPrimitive)
        headers[`mcp-param-${header.toLowerCase()}`] = headerValue(String(given));
      walk(property, given);
    }
  };
  walk(schema, input);
  return headers;
}
