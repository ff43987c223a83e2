// Copied from shared/mcp/connection.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { Instance, JsonObject, NoticeLevel, ServerEvent } from "#shared/core/contract.ts";
import { INTERNAL_ERROR } from "#shared/core/rpc-codes.ts";
import { type Answers, errorFrame } from "./answers.ts";
import { createOpening, type Opening } from "./connection-opening.ts";
import { createSdkSide, type KnownOutcome, type SdkSide } from "./connection-sdk.ts";
import type { FetchableServer } from "./define-server.ts";
import { directCall } from "./direct-call.ts";
import { type Hot, type HotCall, type Id, readHot } from "./hot.ts";
import { isRequest, readCancelled, readSetLevel } from "./hot-frames.ts";
import { NOTIFICATION } from "./notification.ts";
import { answerPlain } from "./plain.ts";

/** What a connection runs calls with. */
export interface Backend {
  module: FetchableServer;
  instance: Instance;
}

export interface ConnectionOptions {
  answers: Answers;
  /** How far it has come already. */
  opening?: Opening;
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
  /** The client has listed the tools, and who does calls one next. */
  expectCall(): void;
  publish(event: ServerEvent): void;
  isIdle(): boolean;
  close(): Promise<void>;
}

/** One client over a stream of messages: the ordinary ones are answered here, the rest by the SDK. */
export function createConnection(options: ConnectionOptions): Connection {
  const { answers, write, opening = createOpening() } = options;
  const running = new Map<Id, AbortController>();
  const pending = new Set<unknown>();
  let logLevel: NoticeLevel = "debug";
  let backend: Promise<Backend> | undefined;
  let sdk: SdkSide | undefined;

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

  async function call(hot: HotCall, message: JsonObject): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    const level = logLevel;
    running.set(hot.id, controller);
    const { module, instance } = await getBackend();
    if (signal.aborted) return; // cancelled while it waited
    const outcome = await directCall(instance, hot, {
      signal,
      ...(opening.client && { client: opening.client }),
      canAsk: true,
      logging: module.features.logging,
      logLevel: level,
      logger: module.name,
      send: (notification) => void write(JSON.stringify({ jsonrpc: "2.0", ...notification })),
    });
    if (signal.aborted) return; // a cancelled request is not answered
    running.delete(hot.id);
    // before 2026-07-28 the server itself asks the client, which the SDK does
    const asks = !hot.envelope && outcome.result && "inputRequests" in outcome.result;
    if (asks) forward(message, outcome);
    else reply(hot.id, answers.call(hot.id, outcome, hot.envelope !== undefined));
  }

  function forward(message: JsonObject, known?: KnownOutcome): void {
    if (opening.phase === "opening") opening.leaveToSdk();
    sdk ??= createSdkSide({
      load: getBackend,
      opening: opening.messages,
      isDecided: opening.phase !== "sdk",
      write,
      onReply: settle,
      onError: options.onError,
    });
    sdk.deliver(message, known);
  }

  function fail(id: Id, error: unknown): void {
    options.onError(error instanceof Error ? error : new Error(String(error)));
    reply(id, errorFrame(id, { code: INTERNAL_ERROR, message: "Internal error" }));
  }

  function answer(hot: Hot, message: JsonObject): void {
    opening.answered(hot, message);
    if (hot.method === "tools/call")
      void call(hot, message).catch((error: unknown) => fail(hot.id, error));
    else reply(hot.id, answerPlain(answers, hot));
    if (hot.method === "tools/list") expectCall();
  }

  function expectCall(): void {
    setImmediate(() => void getBackend().catch(() => {}));
  }

  /** Whether the notification concerned a call of ours. */
  function cancel(message: JsonObject): boolean {
    const id = readCancelled(message);
    if (id === undefined) return false;
    const controller = running.get(id);
    running.delete(id);
    controller?.abort(new DOMException("The client cancelled the call", "AbortError"));
    settle(id);
    return controller !== undefined;
  }

  /** Keeps what the SDK will be told too, so that both sides know the same of the client. */
  function follow(message: JsonObject): void {
    if (opening.phase !== "legacy") return;
    const level = readSetLevel(message);
    if (level !== undefined) logLevel = level;
    else if (message.method === "initialize" || message.method === "logging/setLevel")
      opening.leaveToSdk();
  }

  function receive(message: JsonObject): void {
    const { method } = message;
    const hot = readHot(message);
    const isAsked = hot !== undefined || isRequest(message);
    // a subscription is answered when the connection ends
    if (isAsked && method !== "subscriptions/listen") pending.add(message.id);
    if (hot && opening.isOurs(hot)) answer(hot, message);
    else if (method === "notifications/cancelled" && cancel(message)) return;
    else if (isAsked || sdk || opening.phase === "opening") {
      follow(message);
      forward(message);
    } else if (method === "notifications/initialized") opening.initialized(message);
    // other notifications, and answers to nothing, concern an SDK that is not there
  }

  function publish(event: ServerEvent): void {
    if (sdk) sdk.publish(event);
    // only who subscribed hears of a resource, and the SDK keeps who did
    else if (opening.phase === "legacy" && event.kind !== "resource_updated")
      void write(JSON.stringify({ jsonrpc: "2.0", method: NOTIFICATION[event.kind] }));
  }

  return {
    receive,
    expectCall,
    publish,
    isIdle: () => pending.size === 0,
    close: async () => {
      for (const controller of running.values())
        controller.abort(new DOMException("The client left", "AbortError"));
      await sdk?.close();
    },
  };
}
