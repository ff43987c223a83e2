// Copied from shared/mcp/connection-sdk.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/server";
import type { Instance, JsonObject, ServerEvent } from "#shared/core/contract.ts";
import type { FetchableServer } from "./define-server.ts";
import type { SdkStdio } from "./sdk.ts";

export interface SdkSideOptions {
  load(): Promise<{ module: FetchableServer; instance: Instance }>;
  /** The messages that opened the connection; the SDK gets them first, and its replies to them are dropped. */
  opening: readonly JsonObject[];
  write(message: string): Promise<void>;
  onReply(id: unknown): void;
  onError(error: Error): void;
}

/** The SDK as one participant of a connection: loaded with the first message that needs it. */
export interface SdkSide {
  /** Messages are taken in order; those that come while the SDK loads wait, and the cancelled ones are dropped. */
  deliver(message: JsonObject): void;
  publish(event: ServerEvent): void;
  close(): Promise<void>;
}

/** An id that no client uses: the reply to a replayed request is known by it. */
const REPLAY = "flotilla:replay";

export function createSdkSide({ load, opening, write, onReply, onError }: SdkSideOptions): SdkSide {
  let queue: JsonObject[] | undefined = [];
  const transport: Transport = {
    start: async () => {},
    close: async () => transport.onclose?.(),
    send: async (message) => {
      const isReply = !("method" in message);
      if (isReply && message.id === REPLAY) return;
      await write(JSON.stringify(message));
      if (isReply) onReply(message.id);
    },
  };
  const pass = (message: JsonObject) => transport.onmessage?.(message as unknown as JSONRPCMessage);
  const loading = start();
  loading.catch(onError);

  async function start(): Promise<SdkStdio> {
    const { module, instance } = await load();
    const { sdkStdio } = await module.loadSdk();
    const sdk = sdkStdio(module, instance, transport, onError);
    for (const message of opening) pass("id" in message ? { ...message, id: REPLAY } : message);
    for (const message of queue ?? []) pass(message);
    queue = undefined;
    return sdk;
  }

  function dropCancelled(message: JsonObject): boolean {
    if (message.method !== "notifications/cancelled" || !queue) return false;
    const { requestId } = (message.params ?? {}) as JsonObject;
    const kept = queue.filter(({ id, method }) => method === undefined || id !== requestId);
    const found = kept.length < queue.length;
    queue = kept;
    return found;
  }

  return {
    deliver: (message) => {
      if (dropCancelled(message)) return;
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
