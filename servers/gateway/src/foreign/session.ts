import type { CallContext, JsonObject, Outcome, RpcError } from "#shared/core/contract.ts";
import { MODERN_VERSION } from "#shared/mcp/hot.ts";
import type { ClientFacts } from "./facts.ts";
import { isObject, type Message, objectOf, textOf, type Wire } from "./wire.ts";

const PREFIX = "io.modelcontextprotocol/";
const METHOD_NOT_FOUND = -32601;

export interface Exchange {
  context?: CallContext | undefined;
  signal?: AbortSignal;
  /** Messages of this request alone, where the wire can tell. */
  onMessage?(message: Message): void;
  headers?: Readonly<Record<string, string>>;
}

/** One connection to a server that is not ours, in the era that it speaks. */
export class Session {
  readonly #wire: Wire;
  readonly #client: ClientFacts;
  #last = 0;
  /** Whether requests are written as of 2026-07-28. */
  isModern = false;

  constructor(wire: Wire, client: ClientFacts) {
    this.#wire = wire;
    this.#client = client;
  }

  /** The server has said that it speaks this revision. */
  agree(version: string): void {
    this.#wire.agreed(version, this.isModern);
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
      ...(this.isModern && this.#envelope(context)),
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

function errorOf(error: unknown): RpcError {
  const { code, message, data } = objectOf(error);
  return {
    code: typeof code === "number" ? code : -32603,
    message: textOf(message) ?? "The server answered with neither a result nor an error",
    ...(data !== undefined && { data }),
  };
}
