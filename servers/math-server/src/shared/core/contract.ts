// Copied from shared/core/contract.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
/**
 * What a server shows to whatever runs it: the stdio and HTTP entries and the gateway. Only JSON and
 * callbacks cross it, because a gateway meets servers that carry other, perhaps older, copies of this
 * code, and `instanceof` does not hold across copies.
 */
import type { ErrorCode } from "./errors.ts";

/** Raised when a change here would break a gateway or a server built before it. */
export const CONTRACT_VERSION = 1;

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };
export type JsonObject = Record<string, unknown>;

/** Each hint is stated by every tool; a tool that only reads destroys nothing. */
export interface ToolAnnotations {
  title?: string;
  readOnlyHint: boolean;
  destructiveHint: boolean;
  idempotentHint: boolean;
  openWorldHint: boolean;
}

/** A tool as `tools/list` shows it. */
export interface ToolListing {
  name: string;
  title: string;
  description: string;
  inputSchema: JsonObject;
  outputSchema?: JsonObject;
  annotations: ToolAnnotations;
  _meta?: JsonObject;
}

/** A tool and the switches that decide whether it is shown. */
export interface ToolEntry {
  listing: ToolListing;
  /** Shown only while this toolset is on. */
  toolset?: string;
  /** Shown only while this boolean variable of the configuration is true. */
  feature?: string;
}

export interface ResourceListing {
  uri: string;
  name: string;
  title: string;
  description: string;
  mimeType?: string;
  size?: number;
  _meta?: JsonObject;
}

export interface ResourceTemplateListing extends Omit<ResourceListing, "uri" | "size"> {
  uriTemplate: string;
}

export interface PromptListing {
  name: string;
  title: string;
  description: string;
  arguments: { name: string; description: string; required: boolean }[];
}

export interface ContentAnnotations {
  audience?: ("user" | "assistant")[];
  priority?: number;
  lastModified?: string;
}

export type ResourceContents =
  | { uri: string; mimeType?: string; text: string; _meta?: JsonObject }
  | { uri: string; mimeType?: string; blob: string; _meta?: JsonObject };

/** One block of a result or a prompt message; binary data is base64. */
export type ContentBlock = { annotations?: ContentAnnotations; _meta?: JsonObject } & (
  | { type: "text"; text: string }
  | { type: "image" | "audio"; data: string; mimeType: string }
  | { type: "resource"; resource: ResourceContents }
  | {
      type: "resource_link";
      uri: string;
      name: string;
      title?: string;
      description?: string;
      mimeType?: string;
      size?: number;
    }
);

export interface CallToolResult {
  content: ContentBlock[];
  structuredContent?: JsonObject;
  isError?: true;
  _meta?: JsonObject;
}

/** What a tool, prompt or resource asks of the client before it can go on: bare MCP requests. */
export interface InputRequest {
  method: "elicitation/create" | "sampling/createMessage" | "roots/list";
  params?: JsonObject;
}

/** The answer "ask these, then call again": see the multi-round-trip pattern of MCP 2026-07-28. */
export interface InputRequired {
  resultType: "input_required";
  inputRequests: Record<string, InputRequest>;
  requestState: string;
}

export interface ReadResult {
  contents: ResourceContents[];
}

export interface PromptResult {
  description?: string;
  messages: { role: "user" | "assistant"; content: ContentBlock }[];
}

export interface CompleteResult {
  completion: { values: string[]; total?: number; hasMore?: boolean };
}

/** A failure of the protocol, as JSON-RPC words it; a failure of a tool is a result with `isError`. */
export interface RpcError {
  code: number;
  message: string;
  data?: unknown;
}

export type Outcome<T> = { result: T; error?: never } | { result?: never; error: RpcError };

export type LogLevel = "debug" | "info" | "warn" | "error";

/** `fields` are JSON; values that the configuration marks secret are masked. */
export interface Log {
  debug(message: string, fields?: JsonObject): void;
  info(message: string, fields?: JsonObject): void;
  warn(message: string, fields?: JsonObject): void;
  error(message: string, fields?: JsonObject): void;
}

/** The levels of an MCP log message (RFC 5424). */
export type NoticeLevel =
  | "debug"
  | "info"
  | "notice"
  | "warning"
  | "error"
  | "critical"
  | "alert"
  | "emergency";

export interface ClientInfo {
  name?: string;
  version?: string;
  capabilities: JsonObject;
}

export interface Principal {
  /** Stable within the issuer; never a token. */
  id: string;
  scopes: readonly string[];
}

/** What the host knows of one call. What is optional may be missing. */
export interface CallContext {
  /** Aborted when the client leaves or cancels, and at the deadline. May be made when one looks at it. */
  readonly signal: AbortSignal;
  /** Whether it is aborted, for whom that is enough to know. */
  readonly isAborted?: boolean;
  /** Modern is MCP 2026-07-28 and later. */
  era: "legacy" | "modern";
  requestId?: string | number;
  client?: ClientInfo;
  principal?: Principal;
  credentials?: Readonly<Record<string, string>>;
  /** Present when the client can be asked, at once or by calling again. */
  canAsk?: boolean;
  inputResponses?: JsonObject;
  requestState?: string;
  /** W3C trace context of the caller's span, as its `_meta` has it. */
  traceparent?: string;
  progress?(done: number, total?: number, message?: string): void;
  notify?(level: NoticeLevel, data: unknown): void;
}

/** What an instance tells its host without being asked. */
export type ServerEvent =
  | { kind: "tools_list_changed" | "prompts_list_changed" | "resources_list_changed" }
  | { kind: "resource_updated"; uri: string };

export type HealthStatus = "ok" | "degraded" | "failing";

export interface HealthReport {
  status: HealthStatus;
  name: string;
  version: string;
  uptimeSeconds: number;
  memory: { rssBytes: number; heapUsedBytes: number };
  /** Milliseconds that the event loop ran late since it is watched (99th percentile, largest). */
  eventLoopDelay: { p99Ms: number; maxMs: number };
  callsInFlight: number;
  checks: { name: string; status: HealthStatus; message?: string }[];
}

export type CompletionReference =
  | { type: "ref/prompt"; name: string }
  | { type: "ref/resource"; uri: string };

/** One running server: one mount's environment, one set of services. Its methods never throw. */
export interface Instance {
  readonly tools: readonly ToolListing[];
  readonly resources: readonly ResourceListing[];
  readonly resourceTemplates: readonly ResourceTemplateListing[];
  readonly prompts: readonly PromptListing[];
  call(
    tool: string,
    input: unknown,
    context: CallContext,
  ): Promise<Outcome<CallToolResult | InputRequired>>;
  read(uri: string, context: CallContext): Promise<Outcome<ReadResult | InputRequired>>;
  get(
    prompt: string,
    input: unknown,
    context: CallContext,
  ): Promise<Outcome<PromptResult | InputRequired>>;
  complete(
    reference: CompletionReference,
    argument: { name: string; value: string },
    context: CallContext,
  ): Promise<Outcome<CompleteResult>>;
  subscribe(uri: string): Promise<Outcome<JsonObject>>;
  unsubscribe(uri: string): Promise<Outcome<JsonObject>>;
  health(): Promise<HealthReport>;
  /** Waits for nothing: the host has drained its calls. Closes services in reverse order, and logs what fails. */
  close(): Promise<void>;
}

export interface OpenOptions {
  env: Readonly<Record<string, string | undefined>>;
  log?: Log;
  onEvent?(event: ServerEvent): void;
  /** The clock; injected so that results are repeatable. */
  now?(): Date;
}

/** Capabilities of the protocol that the definition decides; the rest follows from what is defined. */
export interface ServerFeatures {
  logging: boolean;
  completions: boolean;
  subscribe: boolean;
  listChanged: readonly ("tools" | "prompts" | "resources")[];
}

/** A server as data: what `src/server.ts` exports, and all that a gateway may rely on. */
export interface ServerModule {
  readonly contract: typeof CONTRACT_VERSION;
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly description: string;
  readonly instructions: string;
  /** Where the HTTP entry listens unless PORT says otherwise. */
  readonly port: number;
  readonly features: ServerFeatures;
  /** Whether lists are the same for everyone, so that a proxy may keep them; public unless stated. */
  readonly cacheScope?: "public" | "private";
  readonly tools: readonly ToolEntry[];
  readonly toolsets: Readonly<Record<string, { describe: string; default: boolean }>>;
  readonly resources: readonly ResourceListing[];
  readonly resourceTemplates: readonly ResourceTemplateListing[];
  readonly prompts: readonly PromptListing[];
  /** Throws a ConfigError that names every fault of the environment; opens nothing else. */
  open(options: OpenOptions): Promise<Instance>;
}

export type { ErrorCode };
