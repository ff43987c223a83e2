// Copied from shared/mcp/stdio-transport.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { Readable, Writable } from "node:stream";
import type { JsonObject } from "#shared/core/contract.ts";
import { isDeeperThan, MAX_JSON_DEPTH } from "./guards.ts";
import { LONG_LINE_END_BYTES, type LongLine, refuseDeepLine, refuseLongLine } from "./long-line.ts";

/** Longest line that is read, in bytes; of a longer one only its ends are kept, to refuse it. */
export const MAX_LINE_BYTES = 10 * 1024 * 1024;

const NEWLINE = 0x0a;
const PREVIEW_CHARACTERS = 80;

export interface LineReader {
  /** Takes what came in; calls `onLine` with each whole line, `onLong` with what is left of one that is too long. */
  push(chunk: Buffer): void;
}

export function createLineReader(
  onLine: (line: string) => void,
  onLong: (line: LongLine) => void,
  limit = MAX_LINE_BYTES,
): LineReader {
  let parts: Buffer[] = [];
  let size = 0;
  /** The ends of a line that is too long already. */
  let long: { head: string; tail: Buffer } | undefined;

  function endLine(): void {
    if (long) onLong({ head: long.head, tail: long.tail.toString("utf8") });
    else if (size > 0) onLine(Buffer.concat(parts, size).toString("utf8"));
    long = undefined;
    parts = [];
    size = 0;
  }

  function add(part: Buffer): void {
    if (part.length === 0) return;
    if (long) {
      long.tail = endOf([long.tail, part]);
      return;
    }
    parts.push(part);
    size += part.length;
    if (size <= limit) return;
    long = { head: beginningOf(parts), tail: endOf(parts) };
    parts = [];
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

function beginningOf(parts: readonly Buffer[]): string {
  const starts = parts.slice(0, LONG_LINE_END_BYTES);
  return Buffer.concat(starts.map((part) => part.subarray(0, LONG_LINE_END_BYTES)))
    .subarray(0, LONG_LINE_END_BYTES)
    .toString("utf8");
}

/** A copy: what it was cut from can be let go. */
function endOf(parts: readonly Buffer[]): Buffer {
  const ends = parts.slice(-LONG_LINE_END_BYTES).map((part) => part.subarray(-LONG_LINE_END_BYTES));
  return Buffer.from(Buffer.concat(ends).subarray(-LONG_LINE_END_BYTES));
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
    else if (isDeeperThan(line, MAX_JSON_DEPTH)) receiveDeep(line);
    else if (line.trim() !== "")
      onNoise("not a JSON-RPC message", line.slice(0, PREVIEW_CHARACTERS));
  }

  function receiveDeep(line: string): void {
    onNoise(`a line that nests deeper than ${MAX_JSON_DEPTH} levels`, "");
    const answer = refuseDeepLine(line, MAX_JSON_DEPTH);
    if (answer !== undefined) void transport.write(answer);
  }

  function receiveLong(line: LongLine): void {
    onNoise(`a line longer than ${MAX_LINE_BYTES} bytes`, "");
    const answer = refuseLongLine(line, MAX_LINE_BYTES);
    if (answer !== undefined) void transport.write(answer);
  }

  const reader = createLineReader(receive, receiveLong);
  const transport: StdioTransport = {
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
  return transport;
}

/** The message that a line holds, if it is one and nests no deeper than is read. */
export function parseMessage(line: string): JsonObject | undefined {
  if (isDeeperThan(line, MAX_JSON_DEPTH)) return undefined;
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
