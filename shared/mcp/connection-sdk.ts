import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/server";
import type { Instance, JsonObject, ServerEvent } from "#shared/core/contract.ts";
import type { FetchableServer } from "./define-server.ts";
import { readCancelled } from "./hot-frames.ts";
import type { SdkStdio } from "./sdk.ts";

export interface SdkSideOptions {
  load(): Promise<{ module: FetchableServer; instance: Instance }>;
  /** The messages that opened the connection; the SDK gets them first, and its replies to them are dropped. */
  opening: readonly JsonObject[];
  /** Whether those decided the era. */
  isDecided: boolean;
  write(message: string): Promise<void>;
  onReply(id: unknown): void;
  onError(error: Error): void;
}

export type KnownOutcome = Awaited<ReturnType<Instance["call"]>>;

/** The SDK as one participant of a connection: loaded with the first message that needs it. */
export interface SdkSide {
  /**
   * Messages are taken in order; those that come while the SDK loads wait, and the cancelled ones are
   * dropped. A call whose first outcome is `known` goes on from there.
   */
  deliver(message: JsonObject, known?: KnownOutcome): void;
  publish(event: ServerEvent): void;
  close(): Promise<void>;
}

/** An id that no client uses: the reply to a replayed request is known by it. */
const REPLAY = "flotilla:replay";

export function createSdkSide({
  load,
  opening,
  isDecided,
  write,
  onReply,
  onError,
}: SdkSideOptions): SdkSide {
  let queue: JsonObject[] | undefined = [];
  let replays = opening.filter((message) => "id" in message).length;
  const known = new Map<unknown, KnownOutcome>();
  const transport: Transport = {
    start: async () => {},
    close: async () => transport.onclose?.(),
    send: async (message) => {
      const isReply = !("method" in message);
      if (isReply && message.id === REPLAY && replays-- > 0) return;
      await write(JSON.stringify(message));
      if (isReply) onReply(message.id);
    },
  };
  let follow: SdkStdio["follow"] | undefined;
  const pass = (message: JsonObject) => {
    transport.onmessage?.(message as unknown as JSONRPCMessage);
    follow?.(message);
  };
  const loading = start();
  loading.catch(onError);

  async function start(): Promise<SdkStdio> {
    const { module, instance } = await load();
    const { sdkStdio } = await module.loadSdk();
    const sdk = sdkStdio(module, continuing(instance, known), transport, onError);
    follow = sdk.follow;
    for (const message of opening) pass("id" in message ? { ...message, id: REPLAY } : message);
    for (const message of queue ?? []) pass(message);
    queue = undefined;
    return sdk;
  }

  /** Takes what is cancelled out of the queue; while the era is open, each message may decide it. */
  function dropCancelled(message: JsonObject): boolean {
    const id = message.method === "notifications/cancelled" ? readCancelled(message) : undefined;
    if (id === undefined || !queue || !isDecided) return false;
    const at = queue.findIndex((one) => one.id === id && "method" in one);
    if (at >= 0) queue.splice(at, 1);
    return at >= 0;
  }

  return {
    deliver: (message, outcome) => {
      if (dropCancelled(message)) return;
      if (outcome) known.set(message.id, outcome);
      if (queue) queue.push(message);
      else pass(message);
    },
    publish: (event) =>
      void loading.then(
        (sdk) => sdk.publish(event),
        () => {},
      ),
    close: async () => {
      const sdk = await loading.catch(() => undefined);
      await sdk?.close();
    },
  };
}

/** The instance, which ran the first round of some calls already: their questions stand. */
function continuing(instance: Instance, known: Map<unknown, KnownOutcome>): Instance {
  return {
    get tools() {
      return instance.tools;
    },
    get resources() {
      return instance.resources;
    },
    get resourceTemplates() {
      return instance.resourceTemplates;
    },
    get prompts() {
      return instance.prompts;
    },
    call: async (tool, input, context) => {
      const outcome = known.get(context.requestId);
      known.delete(context.requestId);
      return outcome ?? instance.call(tool, input, context);
    },
    read: (uri, context) => instance.read(uri, context),
    get: (prompt, input, context) => instance.get(prompt, input, context),
    complete: (reference, argument, context) => instance.complete(reference, argument, context),
    subscribe: (uri) => instance.subscribe(uri),
    unsubscribe: (uri) => instance.unsubscribe(uri),
    health: () => instance.health(),
    close: () => instance.close(),
  };
}
