import type { JsonObject } from "#shared/core/contract.ts";
import type { StdioServerTransport } from "./stdio.ts";

/** An error of the protocol, as the imported server answered it. */
export class RpcFailure extends Error {
  override readonly name = "RpcFailure";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export interface Wire {
  /** Sends a request and resolves with its result; throws an RpcFailure. */
  request(method: string, params: JsonObject, signal?: AbortSignal): Promise<JsonObject>;
  notify(method: string, params: JsonObject): void;
  /** Takes the server's notifications, by method, until the returned function is called. */
  listen(listener: (method: string, params: JsonObject) => void): () => void;
}

interface Waiting {
  resolve(result: JsonObject): void;
  reject(error: Error): void;
}

const METHOD_NOT_FOUND = -32_601;

/** JSON-RPC with the imported server. What the server asks of its client is refused. */
export function openWire(transport: StdioServerTransport): Wire {
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<(method: string, params: JsonObject) => void>();
  let lastId = 0;
  const send = (message: JsonObject) => transport.onmessage?.({ jsonrpc: "2.0", ...message });
  transport.deliver = (message) => {
    const { id, method } = message;
    if (typeof method === "string" && id !== undefined) {
      const text = `${method} is not handed on to the client`;
      send({ id, error: { code: METHOD_NOT_FOUND, message: text } });
    } else if (typeof method === "string") {
      for (const listener of listeners) listener(method, objectOf(message.params));
    } else settle(waiting, message);
  };
  return {
    request(method, params, signal) {
      lastId += 1;
      const id = lastId;
      return new Promise((resolve, reject) => {
        const cancel = () => {
          if (!waiting.delete(id)) return;
          send({ method: "notifications/cancelled", params: { requestId: id } });
          reject(signal?.reason);
        };
        waiting.set(id, { resolve, reject });
        signal?.addEventListener("abort", cancel, { once: true });
        send({ id, method, params });
      });
    },
    notify: (method, params) => send({ method, params }),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function settle(waiting: Map<number, Waiting>, { id, result, error }: JsonObject): void {
  const one = waiting.get(Number(id));
  waiting.delete(Number(id));
  if (error === undefined) one?.resolve(objectOf(result));
  else {
    const { code, message } = objectOf(error);
    one?.reject(new RpcFailure(Number(code), String(message)));
  }
}

export function objectOf(value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}
