// Copied from shared/mcp/stdio-transport.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { Readable, Writable } from "node:stream";
import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/server";

/** Longest line that is read, in bytes; a longer one is skipped to its end. */
export const MAX_LINE_BYTES = 10 * 1024 * 1024;

const NEWLINE = 0x0a;
const PREVIEW_CHARACTERS = 80;

export interface LineReader {
  /** Takes what came in; calls `onLine` with each whole line and `onOversize` once for each line skipped. */
  push(chunk: Buffer): void;
}

export function createLineReader(
  onLine: (line: string) => void,
  onOversize: () => void,
  limit = MAX_LINE_BYTES,
): LineReader {
  let parts: Buffer[] = [];
  let size = 0;
  let skipping = false;

  function endLine(): void {
    if (skipping) skipping = false;
    else if (size > 0) onLine(Buffer.concat(parts, size).toString("utf8"));
    parts = [];
    size = 0;
  }

  function add(part: Buffer): void {
    if (skipping || part.length === 0) return;
    if (size + part.length > limit) {
      skipping = true;
      parts = [];
      size = 0;
      onOversize();
      return;
    }
    parts.push(part);
    size += part.length;
  }

  return {
    push(chunk) {
      let from = 0;
      for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
        add(chunk.subarray(from, at));
        endLine();
        from = at + 1;
      }
      add(chunk.subarray(from));
    },
  };
}

/** The SDK's transport interface over two streams, and a way to let what runs be answered. */
export interface StdioTransport extends Transport {
  /** Reads no more; resolves when every request so far is answered, or after `limitMs`. */
  drain(limitMs: number): Promise<void>;
}

export interface StdioOptions {
  input: Readable;
  output: Writable;
  /** Something came that is no message; the text may be shown in a log. */
  onNoise(reason: string, preview: string): void;
  /** The client closed its end, or stopped reading ours. */
  onEnd(reason: string): void;
}

/**
 * MCP over two streams, one message a line. Noise is reported and skipped, because one bad line must
 * not end a connection that others use.
 */
export function createStdioTransport({
  input,
  output,
  onNoise,
  onEnd,
}: StdioOptions): StdioTransport {
  let ended = false;
  const pending = new Set<unknown>();
  let onIdle: (() => void) | undefined;
  const end = (reason: string) => {
    if (ended) return;
    ended = true;
    onEnd(reason);
  };

  function receive(line: string): void {
    const message = parseMessage(line);
    if (!message) {
      if (line.trim() !== "") onNoise("not a JSON-RPC message", line.slice(0, PREVIEW_CHARACTERS));
      return;
    }
    const { id, method, params } = message as {
      id?: unknown;
      method?: unknown;
      params?: { requestId?: unknown };
    };
    if (id !== undefined && typeof method === "string") pending.add(id);
    else if (method === "notifications/cancelled") settle(params?.requestId); // is not answered any more
    transport.onmessage?.(message as JSONRPCMessage);
  }

  function settle(id: unknown): void {
    pending.delete(id);
    if (pending.size === 0) onIdle?.();
  }

  const reader = createLineReader(receive, () =>
    onNoise(`a line longer than ${MAX_LINE_BYTES} bytes`, ""),
  );
  const transport: StdioTransport = {
    start: async () => {
      input.on("data", (chunk: Buffer) => reader.push(chunk));
      input.once("end", () => end("stdin ended"));
      input.once("close", () => end("stdin closed"));
      input.once("error", () => end("stdin failed"));
      output.once("error", () => {
        pending.clear();
        onIdle?.();
        end("stdout is closed");
      });
    },
    send: async (message) => {
      if (output.destroyed || output.writableEnded) return;
      const flushed = output.write(`${JSON.stringify(message)}\n`);
      if (!("method" in message)) settle(message.id);
      if (!flushed) await writable(output);
    },
    close: async () => {
      input.pause();
      transport.onclose?.();
    },
    drain: async (limitMs) => {
      input.pause();
      if (pending.size > 0) await idleWithin(limitMs, (callback) => (onIdle = callback));
      if (output.writableLength > 0) await writable(output);
    },
  };
  return transport;
}

function parseMessage(line: string): object | undefined {
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === "object" && message !== null && !Array.isArray(message)
      ? message
      : undefined;
  } catch {
    return undefined;
  }
}

function writable(output: Writable): Promise<void> {
  return new Promise((resolve) => {
    output.once("drain", resolve);
    output.once("close", resolve);
    output.once("error", () => resolve());
  });
}

function idleWithin(limitMs: number, listen: (callback: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, limitMs);
    listen(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
