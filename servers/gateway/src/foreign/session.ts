import type { CallContext, JsonObject, Outcome, RpcError } from "#shared/core/contract.ts";
import { LEGACY_VERSIONS, MODERN_VERSION } from "#shared/mcp/hot.ts";
import { MountError } from "../mounts/mount-error.ts";
import { isObject, type Message, objectOf, textOf, type Wire } from "./wire.ts";

const PREFIX = "io.modelcontextprotocol/";
const UNSUPPORTED_VERSION = -32022;
const METHOD_NOT_FOUND = -32601;

/** Milliseconds for the first question; servers that were made before it was thought of may not answer. */
const PROBE_MS = 3_000;

/** Who the gateway is to servers. */
export interface ClientFacts {
  name: string;
  version: string;
}

/** What a server said of itself. */
export interface ServerFacts {
  era: "modern" | "legacy";
  info: { name?: string; title?: string; version?: string; description?: string };
  capabilities: JsonObject;
  instructions: string;
}

export interface Exchange {
  context?: CallContext | undefined;
  signal?: AbortSignal;
  /** Messages of this request alone, where the wire can tell. */
  onMessage?(message: Message): void;
  headers?: Readonly<Record<string, string>>;
}

/** What servers of 2025 are told that can be asked of their callers. */
const LEGACY_CAPABILITIES = { elicitation: { form: {}, url: {} }, sampling: {} };

/** One connection to a server that is not ours, in the era that it speaks. */
export class Session {
  readonly #wire: Wire;
  readonly #client: ClientFacts;
  #last = 0;
  #modern = false;

  constructor(wire: Wire, client: ClientFacts) {
    this.#wire = wire;
    this.#client = client;
  }

  /** Finds out what the server speaks: as of 2026-07-28 unless it cannot, or is known not to. */
  async open(signal: AbortSignal, knownLegacy: boolean): Promise<ServerFacts> {
    const modern = knownLegacy ? undefined : await this.#discover(signal);
    return modern ?? this.#initialize(signal);
  }

  async #discover(signal: AbortSignal): Promise<ServerFacts | undefined> {
    this.#modern = true;
    const limit = AbortSignal.timeout(PROBE_MS);
    try {
      const both = AbortSignal.any([signal, limit]);
      const { result, error } = await this.request("server/discover", {}, { signal: both });
      if (error) return this.#notModern(error);
      const versions = result.supportedVersions;
      if (!Array.isArray(versions) || !versions.includes(MODERN_VERSION)) return this.#notModern();
      this.#wire.agreed(MODERN_VERSION, true);
      const info = objectOf(objectOf(result._meta)[`${PREFIX}serverInfo`] ?? result.serverInfo);
      return factsOf("modern", info, result);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof MountError) throw error;
      return this.#notModern();
    }
  }

  #notModern(error?: RpcError): undefined {
    this.#modern = false;
    const supported = objectOf(error?.data).supported;
    if (error?.code !== UNSUPPORTED_VERSION || !Array.isArray(supported)) return undefined;
    if (LEGACY_VERSIONS.some((version) => supported.includes(version))) return undefined;
    throw new MountError(
      `it speaks MCP ${supported.join(", ")} and the gateway up to ${MODERN_VERSION}`,
    );
  }

  async #initialize(signal: AbortSignal): Promise<ServerFacts> {
    const [newest] = LEGACY_VERSIONS;
    const params = {
      protocolVersion: newest,
      capabilities: LEGACY_CAPABILITIES,
      clientInfo: this.#client,
    };
    const { result, error } = await this.request("initialize", params, { signal });
    if (error) throw new MountError(`it refuses to be initialized: ${error.message}`);
    const version = textOf(result.protocolVersion) ?? "";
    if (!LEGACY_VERSIONS.some((known) => known === version))
      throw new MountError(`it speaks MCP "${version}", which the gateway does not know`);
    this.#wire.agreed(version, false);
    await this.notify("notifications/initialized");
    return factsOf("legacy", objectOf(result.serverInfo), result);
  }

  /** Sends a request and waits for what comes of it. Rejects when the server cannot be reached. */
  async request(
    method: string,
    params: JsonObject,
    { context, signal, onMessage, headers }: Exchange = {},
  ): Promise<Outcome<JsonObject>> {
    const id = ++this.#last;
    const answer = await this.#wire.request(
      { jsonrpc: "2.0", id, method, params: this.#params(id, params, context) },
      {
        signal: signal ?? context?.signal ?? new AbortController().signal,
        onMessage: onMessage ?? (() => {}),
        ...(headers && { headers }),
      },
    );
    if (isObject(answer.result)) return { result: answer.result };
    return { error: errorOf(answer.error) };
  }

  /** The id that the next request gets, which is its progress token too. */
  get nextId(): number {
    return this.#last + 1;
  }

  notify(method: string, params?: JsonObject): Promise<void> {
    return this.#wire.send({ jsonrpc: "2.0", method, ...(params && { params }) });
  }

  answer(id: unknown, outcome: { result: JsonObject } | { error: RpcError }): Promise<void> {
    return this.#wire.send({ jsonrpc: "2.0", id, ...outcome });
  }

  refuse(id: unknown, message: string): Promise<void> {
    return this.answer(id, { error: { code: METHOD_NOT_FOUND, message } });
  }

  #params(id: number, params: JsonObject, context: CallContext | undefined): JsonObject {
    const meta: JsonObject = {
      ...objectOf(params._meta),
      ...(context?.progress && { progressToken: id }),
      ...(context?.traceparent !== undefined && { traceparent: context.traceparent }),
      ...(this.#modern && this.#envelope(context)),
    };
    return Object.keys(meta).length === 0 ? params : { ...params, _meta: meta };
  }

  /** From 2026-07-28 on each request says what its own caller can be asked. */
  #envelope(context: CallContext | undefined): JsonObject {
    return {
      [`${PREFIX}protocolVersion`]: MODERN_VERSION,
      [`${PREFIX}clientInfo`]: this.#client,
      [`${PREFIX}clientCapabilities`]: context?.canAsk ? (context.client?.capabilities ?? {}) : {},
      ...(context?.notify && { [`${PREFIX}logLevel`]: "debug" }),
    };
  }
}

function factsOf(era: ServerFacts["era"], info: JsonObject, result: JsonObject): ServerFacts {
  const named = ["name", "title", "version", "description"].flatMap((key) => {
    const value = textOf(info[key]);
    return value === undefined ? [] : [[key, value] as const];
  });
  return {
    era,
    info: Object.fromEntries(named),
    capabilities: objectOf(result.capabilities),
    instructions: textOf(result.instructions) ?? "",
  };
}

function errorOf(error: unknown): RpcError {
  const { code, message, data } = objectOf(error);
  return {
    code: typeof code === "number" ? code : -32603,
    message: textOf(message) ?? "The server answered with neither a result nor an error",
    ...(data !== undefined && { data }),
  };
}
