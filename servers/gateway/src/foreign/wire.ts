import type { JsonObject } from "#shared/core/contract.ts";

export type Message = JsonObject;

export interface RequestOptions {
  /** Aborted when nobody waits for the answer any longer. */
  signal: AbortSignal;
  /** Messages that belong to this request and come before its answer, where the wire can tell. */
  onMessage(message: Message): void;
  /** Headers of this request, on wires that have headers. */
  headers?: Readonly<Record<string, string>>;
}

/** A way to a server that is not ours: its stdin and stdout, or HTTP. */
export interface Wire {
  /** Sends a request, and resolves with the message that answers it. */
  request(message: Message, options: RequestOptions): Promise<Message>;
  /** Sends what gets no answer. */
  send(message: Message): Promise<void>;
  /** Takes the messages that belong to no request. */
  onMessage(take: (message: Message) => void): void;
  /** Called once the server has said which revision both speak. */
  agreed(version: string, isModern: boolean): void;
  close(): Promise<void>;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});

export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

/** A text as one message of JSON-RPC; undefined for anything else. */
export function parseMessage(text: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && value.jsonrpc === "2.0" ? value : undefined;
  } catch {
    return undefined;
  }
}
