// Copied from shared/mcp/stdio-transport.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { Readable, Writable } from "node:stream";
import type { JsonObject } from "#shared/core/contract.ts";

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

export interface StdioOptions {
  input: Readable;
  output: Writable;
  onMessage(message: JsonObject): void;
  /** Something came that is no message; the text may be shown in a log. */
  onNoise(reason: string, preview: string): void;
  /** The client closed its end, or stopped reading ours. */
  onEnd(reason: string): void;
}

export interface StdioTransport {
  start(): void;
  /** Sends one message; resolves when there is room for the next. */
  write(message: string): Promise<void>;
  stopReading(): void;
  /** Resolves when what was written has left this process, or nobody is there to take it. */
  flush(): Promise<void>;
}

/**
 * Messages over two streams, one a line. Noise is reported and skipped, because one bad line must
 * not end a connection that others use.
 */
export function createStdioTransport(options: StdioOptions): StdioTransport {
  const { input, output, onMessage, onNoise, onEnd } = options;
  let stopped = false;

  function receive(line: string): void {
    const message = parseMessage(line);
    if (message) onMessage(message);
    else if (line.trim() !== "")
      onNoise("not a JSON-RPC message", line.slice(0, PREVIEW_CHARACTERS));
  }

  const reader = createLineReader(receive, () =>
    onNoise(`a line longer than ${MAX_LINE_BYTES} bytes`, ""),
  );
  return {
    start: () => {
      input.on("data", (chunk: Buffer) => reader.push(chunk));
      input.once("end", () => onEnd("stdin ended"));
      input.once("close", () => onEnd("stdin closed"));
      input.once("error", () => onEnd("stdin failed"));
      // not once: each later write fails too, and an error that nobody hears ends the process
      output.on("error", () => onEnd("stdout is closed"));
    },
    write: async (message) => {
      if (output.destroyed || output.writableEnded) return;
      if (output.write(`${message}\n`)) return;
      input.pause(); // a client that does not read gets no further calls answered into memory
      await hasRoom(output);
      if (!stopped) input.resume();
    },
    stopReading: () => {
      stopped = true;
      input.pause();
    },
    flush: async () => {
      if (output.destroyed || output.writableEnded) return;
      // not "drain", which comes only after a write that was too much
      await Promise.race([
        new Promise<void>((resolve) => output.write("", () => resolve())),
        once(output, "close"),
      ]);
    },
  };
}

function parseMessage(line: string): JsonObject | undefined {
  try {
    const message: unknown = JSON.parse(line);
    const isObject = typeof message === "object" && message !== null && !Array.isArray(message);
    return isObject ? (message as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

const once = (output: Writable, event: string) =>
  new Promise<void>((resolve) => output.once(event, () => resolve()));

const waiting = new WeakMap<Writable, Promise<void>>();

/** One set of listeners a stream, however many wait for it. */
function hasRoom(output: Writable): Promise<void> {
  const known = waiting.get(output);
  if (known !== undefined) return known;
  const promise = new Promise<void>((resolve) => {
    const done = () => {
      waiting.delete(output);
      for (const event of ["drain", "close", "error"]) output.off(event, done);
      resolve();
    };
    for (const event of ["drain", "close", "error"]) output.once(event, done);
    if (output.destroyed) done();
  });
  waiting.set(output, promise);
  return promise;
}
