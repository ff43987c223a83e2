export type Era = "2025" | "2026";

/** The revisions in whose names the two eras of clients speak. */
export const revisions: Record<Era, string> = { "2025": "2025-11-25", "2026": "2026-07-28" };

export interface ToolCall {
  name: string;
  arguments: Record<string, unknown>;
}

type Params = Record<string, unknown>;

export interface Request {
  method: string;
  params: Params;
}

const clientInfo = { name: "flotilla-bench", version: "1.0.0" };

const envelope = {
  "io.modelcontextprotocol/protocolVersion": revisions["2026"],
  "io.modelcontextprotocol/clientInfo": clientInfo,
  "io.modelcontextprotocol/clientCapabilities": {},
};

const inEra = (era: Era, method: string, params: Params): Request => ({
  method,
  params: era === "2026" ? { ...params, _meta: envelope } : params,
});

/** What a client of this era sends first. */
export const opening = (era: Era): Request =>
  era === "2026"
    ? inEra(era, "server/discover", {})
    : inEra(era, "initialize", { protocolVersion: revisions[era], capabilities: {}, clientInfo });

/** What follows the answer to the opening, if anything does. */
export const opened = (era: Era): string | undefined =>
  era === "2025" ? '{"jsonrpc":"2.0","method":"notifications/initialized"}' : undefined;

export const listing = (era: Era): Request => inEra(era, "tools/list", {});
export const calling = (era: Era, call: ToolCall): Request =>
  inEra(era, "tools/call", { name: call.name, arguments: call.arguments });

export const encode = (id: number, { method, params }: Request): string =>
  JSON.stringify({ jsonrpc: "2.0", id, method, params });

/** The headers in which HTTP repeats what the body says. */
export function headersFor(era: Era, { method, params }: Request): Record<string, string> {
  const common = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
  };
  if (method === "initialize") return common;
  if (era === "2025") return { ...common, "mcp-protocol-version": revisions[era] };
  const name = typeof params.name === "string" ? { "mcp-name": params.name } : {};
  return { ...common, "mcp-protocol-version": revisions[era], "mcp-method": method, ...name };
}
