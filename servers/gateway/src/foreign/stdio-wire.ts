import type { Readable, Writable } from "node:stream";
import { ToolError } from "#shared/core/errors.ts";
import { MAX_MESSAGE_BYTES, readLines } from "../link/lines.ts";
import { type Message, parseMessage, type RequestOptions, type Wire } from "./wire.ts";

export interface StdioWireOptions {
  input: Readable;
  output: Writable;
  /** A line that is no message: what a server prints where it should not. */
  onNoise(line: string): void;
  /** An answer that was too long to be read, and nobody can say whose. */
  onLost(reason: string): void;
  close(): Promise<void>;
}

/** JSON lines: one message a line, answers by their id. */
export function stdioWire({ input, output, onNoise, onLost, close }: StdioWireOptions): Wire {
  const waiting = new Map<unknown, (message: Message) => void>();
  let take = (_: Message) => {};
  const write = (message: Message) => void output.write(`${JSON.stringify(message)}\n`);

  readLines(input, {
    onLine: (line) => {
      const message = parseMessage(line);
      if (!message) onNoise(line);
      else if ("method" in message) take(message);
      else waiting.get(message.id)?.(message);
    },
    onLong: (head, tail) => {
      const id = idOfLong(head, tail);
      const answer = id === undefined ? undefined : waiting.get(id);
      if (answer) answer({ tooLong: true });
      else onLost(`an answer of more than ${MAX_MESSAGE_BYTES} bytes`);
    },
  });

  async function request(message: Message, { signal }: RequestOptions): Promise<Message> {
    signal.throwIfAborted();
    const { id } = message;
    let onAbort = () => {};
    try {
      return await new Promise((resolve, reject) => {
        onAbort = () => {
          write({
            jsonrpc: "2.0",
            method: "notifications/cancelled",
            params: { requestId: id, reason: "Nobody waits for it any longer" },
          });
          reject(signal.reason);
        };
        signal.addEventListener("abort", onAbort, { once: true });
        waiting.set(id, (answer) => (answer.tooLong ? reject(tooLong()) : resolve(answer)));
        write(message);
      });
    } finally {
      waiting.delete(id);
      signal.removeEventListener("abort", onAbort);
    }
  }

  return {
    request,
    send: async (message) => write(message),
    onMessage: (taken) => {
      take = taken;
    },
    agreed: () => {},
    close,
  };
}

export const tooLong = () =>
  new ToolError(
    "VALIDATION_ERROR",
    `The server's answer has more than ${MAX_MESSAGE_BYTES} bytes. Ask for less at a time.`,
    { details: { reason: "too_large", limit: MAX_MESSAGE_BYTES } },
  );

/** JSON-RPC writes an id at the beginning or at the end of an answer. */
const ID_FIRST = /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d+)/;
const ID_LAST = /"id"\s*:\s*(\d+)\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/;

function idOfLong(head: string, tail: string): number | undefined {
  const found = ID_FIRST.exec(head)?.[1] ?? ID_LAST.exec(tail)?.[1];
  return found === undefined ? undefined : Number(found);
}
