// Copied from shared/mcp/connection.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type {
  ClientInfo,
  Instance,
  JsonObject,
  NoticeLevel,
  ServerEvent,
} from "#shared/core/contract.ts";
import type { Answers } from "./answers.ts";
import { createSdkSide, type SdkSide } from "./connection-sdk.ts";
import type { FetchableServer } from "./define-server.ts";
import { directCall } from "./direct-call.ts";
import { type Hot, type HotCall, type Id, readHot } from "./hot.ts";
import { answerPlain } from "./plain.ts";

/** What a connection runs calls with. */
export interface Backend {
  module: FetchableServer;
  instance: Instance;
}

export interface ConnectionOptions {
  answers: Answers;
  /** Loads what runs calls; asked for at most once, and not before something needs it. */
  load(): Promise<Backend>;
  /** Sends one message, as JSON text without a newline. */
  write(message: string): Promise<void>;
  /** Every request so far is answered. */
  onIdle(): void;
  onError(error: Error): void;
  /** The backend cannot be loaded: nothing that needs it will ever be answered. */
  onBroken(error: unknown): void;
}

export interface Connection {
  receive(message: JsonObject): void;
  publish(event: ServerEvent): void;
  isIdle(): boolean;
  close(): Promise<void>;
}

/**
 * The era of a connection, as the SDK decides it: 2025 from `initialize` on, 2026-07-28 from the
 * first request with an envelope that is not `server/discover`; "sdk" once the SDK alone decides.
 */
type Phase = "opening" | "legacy" | "modern" | "sdk";

const LIST_CHANGED: Record<ServerEvent["kind"], string | undefined> = {
  tools_list_changed: "notifications/tools/list_changed",
  prompts_list_changed: "notifications/prompts/list_changed",
  resources_list_changed: "notifications/resources/list_changed",
  resource_updated: undefined, // only who subscribed hears of it, and the SDK keeps who did
};

/** One client over a stream of messages: the ordinary ones are answered here, the rest by the SDK. */
export function createConnection(options: ConnectionOptions): Connection {
  const { answers, write } = options;
  let phase: Phase = "opening";
  let client: ClientInfo | undefined;
  let logLevel: NoticeLevel = "debug";
  let backend: Promise<Backend> | undefined;
  let sdk: SdkSide | undefined;
  /** What makes the SDK believe that it saw the beginning. */
  const opening: JsonObject[] = [];
  const running = new Map<Id, AbortController>();
  const pending = new Set<unknown>();

  function getBackend(): Promise<Backend> {
    if (backend === undefined) {
      backend = options.load();
      backend.catch(options.onBroken);
    }
    return backend;
  }

  function reply(id: unknown, text: string): void {
    void write(text);
    settle(id);
  }

  function settle(id: unknown): void {
    pending.delete(id);
    if (pending.size === 0) options.onIdle();
  }

  /** Whether this message of the ordinary form is ours to answer, given what came before it. */
  function isOurs(hot: Hot): boolean {
    if (hot.method === "initialize") return phase === "opening";
    return hot.envelope ? phase === "opening" || phase === "modern" : phase === "legacy";
  }

  function open(hot: Hot, message: JsonObject): void {
    if (phase !== "opening" || hot.method === "server/discover") return;
    if (hot.method === "initialize") {
      phase = "legacy";
      client = hot.client;
      opening.push(message);
    } else {
      phase = "modern";
      // a call must not run twice, so what is replayed is a list in the same envelope
      opening.push({
        jsonrpc: "2.0",
        id: hot.id,
        method: "tools/list",
        params: { _meta: envelopeOf(message) },
      });
    }
  }

  async function call(hot: HotCall, message: JsonObject): Promise<void> {
    const controller = new AbortController();
    running.set(hot.id, controller);
    const { module, instance } = await getBackend();
    const outcome = await directCall(instance, hot, {
      signal: controller.signal,
      ...(client && { client }),
      canAsk: true,
      logging: module.features.logging,
      logLevel,
      logger: module.name,
      send: (notification) => void write(JSON.stringify({ jsonrpc: "2.0", ...notification })),
    });
    running.delete(hot.id);
    if (controller.signal.aborted) return; // a cancelled request is not answered
    // before 2026-07-28 the server itself asks the client, which the SDK does
    if (phase === "legacy" && outcome.result && "inputRequests" in outcome.result) forward(message);
    else reply(hot.id, answers.call(hot.id, outcome, hot.envelope !== undefined));
  }

  function forward(message: JsonObject): void {
    if (phase === "opening") phase = "sdk";
    sdk ??= createSdkSide({
      load: getBackend,
      opening,
      write,
      onReply: settle,
      onError: options.onError,
    });
    sdk.deliver(message);
  }

  function cancel(id: unknown): boolean {
    const controller = running.get(id as Id);
    if (controller) {
      running.delete(id as Id);
      controller.abort(new DOMException("The client cancelled the call", "AbortError"));
    }
    settle(id);
    return controller !== undefined;
  }

  function receive(message: JsonObject): void {
    const { id, method } = message;
    const isRequest = id !== undefined && typeof method === "string";
    if (isRequest && isAnswered(message)) pending.add(id);
    const hot = isRequest ? readHot(message) : undefined;
    if (hot && isOurs(hot)) {
      open(hot, message);
      if (hot.method === "tools/call") void call(hot, message).catch(() => settle(id));
      else reply(id, answerPlain(answers, hot));
      // whoever lists tools calls one next
      if (hot.method === "tools/list") setImmediate(() => void getBackend().catch(() => {}));
      return;
    }
    if (method === "notifications/cancelled" && cancel(paramsOf(message).requestId)) return;
    if (method === "notifications/initialized" && phase === "legacy" && sdk === undefined) {
      opening.push(message);
      return;
    }
    if (method === "logging/setLevel")
      logLevel = (paramsOf(message).level as NoticeLevel | undefined) ?? logLevel;
    forward(message);
  }

  function publish(event: ServerEvent): void {
    const method = LIST_CHANGED[event.kind];
    if (sdk) sdk.publish(event);
    else if (phase === "legacy" && method) void write(JSON.stringify({ jsonrpc: "2.0", method }));
  }

  return {
    receive,
    publish,
    isIdle: () => pending.size === 0,
    close: async () => {
      for (const controller of running.values())
        controller.abort(new DOMException("The client left", "AbortError"));
      await sdk?.close();
    },
  };
}

/** A subscription is answered when the connection ends, a malformed request never: nobody waits for them. */
function isAnswered({ jsonrpc, id, method, params = {} }: JsonObject): boolean {
  const wellFormed = jsonrpc === "2.0" && typeof params === "object" && !Array.isArray(params);
  const hasId = typeof id === "string" || Number.isInteger(id);
  return wellFormed && hasId && method !== "subscriptions/listen";
}

const paramsOf = (message: JsonObject): JsonObject => {
  const { params } = message;
  return typeof params === "object" && params !== null ? (params as JsonObject) : {};
};

/** The envelope of a modern request, without what concerns that request alone. */
function envelopeOf(message: JsonObject): JsonObject {
  const { progressToken: _, ...envelope } = paramsOf(message)._meta as JsonObject;
  return envelope;
}
