import type { JsonObject } from "#shared/core/contract.ts";
import { ToolError } from "#shared/core/errors.ts";
import { METHOD_NOT_FOUND } from "#shared/core/rpc-codes.ts";
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
  /** Sends a request and resolves with its result; throws an RpcFailure, or that the server has closed. */
  request(method: string, params: JsonObject, options?: RequestOptions): Promise<JsonObject>;
  notify(method: string, params: JsonObject): void;
  /** Resolves when the server has closed its end: nothing is answered any more. */
  readonly closed: Promise<void>;
}

export interface RequestOptions {
  signal?: AbortSignal;
  /** Takes the server's notifications while the request runs: those of its progress, and those of no request. */
  onNotification?(method: string, params: JsonObject): void;
}

interface Waiting extends Pick<RequestOptions, "onNotification"> {
  resolve(result: JsonObject): void;
  reject(error: unknown): void;
}

/** JSON-RPC with the imported server. What the server asks of its client is refused. */
export function openWire(transport: StdioServerTransport): Wire {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let isClosed = false;
  const send = (message: JsonObject) => transport.onmessage?.({ jsonrpc: "2.0", ...message });
  transport.deliver = (message) => {
    const { id, method } = message;
    if (typeof method === "string" && id !== undefined) {
      const text = `${method} is not handed on to the client`;
      send({ id, error: { code: METHOD_NOT_FOUND, message: text } });
    } else if (typeof method === "string") hear(waiting, method, objectOf(message.params));
    else settle(waiting, message);
  };
  const closed = transport.closed.then(() => {
    isClosed = true;
    for (const one of waiting.values()) one.reject(closedError());
    waiting.clear();
  });
  return {
    closed,
    async request(method, params, { signal, onNotification } = {}) {
      signal?.throwIfAborted();
      if (isClosed) throw closedError();
      lastId += 1;
      const id = lastId;
      let cancel = () => {};
      const answer = new Promise<JsonObject>((resolve, reject) => {
        cancel = () => {
          if (!waiting.delete(id)) return;
          send({ method: "notifications/cancelled", params: { requestId: id } });
          reject(signal?.reason);
        };
        waiting.set(id, { resolve, reject, ...(onNotification && { onNotification }) });
        signal?.addEventListener("abort", cancel, { once: true });
        const _meta = onNotification && { progressToken: id };
        send({ id, method, params: { ...params, ...(_meta && { _meta }) } });
      });
      return answer.finally(() => signal?.removeEventListener("abort", cancel));
    },
    notify: (method, params) => send({ method, params }),
  };
}

const closedError = () =>
  new ToolError("UNAVAILABLE", "The imported server has closed its connection. Try again.");

/** Progress goes to the request that it is of; what does not say whose it is goes to one that listens. */
function hear(waiting: Map<number, Waiting>, method: string, params: JsonObject): void {
  const { progressToken } = params;
  const hearer =
    progressToken === undefined
      ? [...waiting.values()].find(({ onNotification }) => onNotification)
      : waiting.get(Number(progressToken));
  hearer?.onNotification?.(method, params);
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
