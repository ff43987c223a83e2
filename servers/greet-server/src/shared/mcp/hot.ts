// Copied from shared/mcp/hot.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
/**
 * Reads the messages that are answered without the SDK. Only their exact, ordinary form is read;
 * whatever is unusual or wrong is left to the SDK, so that its answer is the SDK's own.
 */
import type { JsonObject, NoticeLevel } from "#shared/core/contract.ts";
import { type HotClient, isObject, readClient } from "./hot-client.ts";

export const MODERN_VERSION = "2026-07-28";
/** Revisions with an `initialize`, newest first; an unknown one is answered with the first. */
export const LEGACY_VERSIONS = [
  "2025-11-25",
  "2025-06-18",
  "2025-03-26",
  "2024-11-05",
  "2024-10-07",
] as const;

/** Keys of the `_meta` of a request. */
export const PROTOCOL_VERSION = "io.modelcontextprotocol/protocolVersion";
export const CLIENT_INFO = "io.modelcontextprotocol/clientInfo";
export const CLIENT_CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";
const LOG_LEVEL = "io.modelcontextprotocol/logLevel";

export type Id = string | number;

/** What a modern request says of its client; on earlier revisions `initialize` said it. */
export interface Envelope {
  client: HotClient;
  logLevel?: NoticeLevel;
}

export interface HotCall {
  method: "tools/call";
  id: Id;
  envelope: Envelope | undefined;
  name: string;
  input: JsonObject | undefined;
  progressToken: Id | undefined;
  traceparent?: string;
  inputResponses?: JsonObject;
  requestState?: string;
}

export type Hot =
  | HotCall
  | { method: "tools/list" | "server/discover" | "ping"; id: Id; envelope: Envelope | undefined }
  | { method: "initialize"; id: Id; version: string; client: HotClient };

export const isId = (value: unknown): value is Id =>
  typeof value === "string" || Number.isSafeInteger(value);

/** Whether an object has no keys but these. */
export function onlyKeys(object: JsonObject, allowed: ReadonlySet<string>): boolean {
  for (const key in object) if (!allowed.has(key)) return false;
  return true;
}

export const REQUEST_KEYS = new Set(["jsonrpc", "id", "method", "params"]);
const CALL_KEYS = new Set(["name", "arguments", "_meta", "inputResponses", "requestState"]);
const LIST_KEYS = new Set(["_meta"]);
const INITIALIZE_KEYS = new Set(["protocolVersion", "capabilities", "clientInfo"]);
const RESERVED = "io.modelcontextprotocol/";
const RESERVED_KEYS = new Set([PROTOCOL_VERSION, CLIENT_INFO, CLIENT_CAPABILITIES, LOG_LEVEL]);
export const LEVELS: ReadonlySet<unknown> = new Set([
  "debug",
  "info",
  "notice",
  "warning",
  "error",
  "critical",
  "alert",
  "emergency",
]);

/** A request in its ordinary form, or undefined. Notifications and responses are never hot. */
export function readHot(message: unknown): Hot | undefined {
  if (
    !isObject(message) ||
    message.jsonrpc !== "2.0" ||
    !isId(message.id) ||
    !onlyKeys(message, REQUEST_KEYS)
  )
    return undefined;
  const { id, method, params = {} } = message;
  if (!isObject(params)) return undefined;
  switch (method) {
    case "tools/call":
      return readCall(id, params);
    case "tools/list":
    case "server/discover":
    case "ping":
      return readPlain(method, id, params);
    case "initialize":
      return readInitialize(id, params);
    default:
      return undefined;
  }
}

interface Meta {
  envelope: Envelope | undefined;
  progressToken: Id | undefined;
}

const traceOf = (meta: unknown): string | undefined =>
  isObject(meta) && typeof meta.traceparent === "string" ? meta.traceparent : undefined;

function readMeta(meta: unknown): Meta | undefined {
  if (meta === undefined) return { envelope: undefined, progressToken: undefined };
  if (!isObject(meta) || !hasPlainKeys(meta)) return undefined;
  const { progressToken } = meta;
  if (progressToken !== undefined && !isId(progressToken)) return undefined;
  if (PROTOCOL_VERSION in meta) {
    const envelope = readEnvelope(meta);
    return envelope && { envelope, progressToken };
  }
  // a part of an envelope without its version is for the SDK to refuse
  const claims = CLIENT_INFO in meta || CLIENT_CAPABILITIES in meta || LOG_LEVEL in meta;
  return claims ? undefined : { envelope: undefined, progressToken };
}

/** Clients add keys of their own, which mean nothing here; those of the protocol are known or left to the SDK. */
function hasPlainKeys(meta: JsonObject): boolean {
  for (const key in meta) {
    if (key === "__proto__" || (key.startsWith(RESERVED) && !RESERVED_KEYS.has(key))) return false;
  }
  return true;
}

function readEnvelope(meta: JsonObject): Envelope | undefined {
  const logLevel = meta[LOG_LEVEL];
  if (meta[PROTOCOL_VERSION] !== MODERN_VERSION) return undefined;
  if (logLevel !== undefined && !LEVELS.has(logLevel)) return undefined;
  const client = readClient(meta[CLIENT_INFO], meta[CLIENT_CAPABILITIES]);
  return client && { client, ...(logLevel !== undefined && { logLevel: logLevel as NoticeLevel }) };
}

function readCall(id: Id, params: JsonObject): HotCall | undefined {
  if (!onlyKeys(params, CALL_KEYS)) return undefined;
  const { name, arguments: input, inputResponses, requestState } = params;
  const meta = readMeta(params._meta);
  if (!meta || typeof name !== "string" || (input !== undefined && !isObject(input)))
    return undefined;
  const call: HotCall = { method: "tools/call", id, ...meta, name, input };
  const traceparent = traceOf(params._meta);
  if (traceparent !== undefined) call.traceparent = traceparent;
  if (inputResponses === undefined && requestState === undefined) return call;
  if (!meta.envelope || !isResponses(inputResponses) || typeof requestState !== "string")
    return undefined;
  return { ...call, inputResponses, requestState };
}

/** Answers to questions, each a bare result as the SDK tells them from other objects. */
function isResponses(value: unknown): value is JsonObject {
  return (
    isObject(value) &&
    Object.values(value).every((one) => isObject(one) && !("method" in one) && !("result" in one))
  );
}

function readPlain(
  method: "tools/list" | "server/discover" | "ping",
  id: Id,
  params: JsonObject,
): Hot | undefined {
  if (!onlyKeys(params, LIST_KEYS)) return undefined;
  const meta = readMeta(params._meta);
  if (!meta || meta.progressToken !== undefined) return undefined;
  // each era has its own methods: ping ended where discover began
  if (method === "ping" && meta.envelope) return undefined;
  if (method === "server/discover" && !meta.envelope) return undefined;
  return { method, id, envelope: meta.envelope };
}

function readInitialize(id: Id, params: JsonObject): Hot | undefined {
  if (!onlyKeys(params, INITIALIZE_KEYS) || typeof params.protocolVersion !== "string")
    return undefined;
  const client = readClient(params.clientInfo, params.capabilities);
  return client && { method: "initialize", id, version: params.protocolVersion, client };
}
