import { fs } from "#shared/core/builtin.ts";
import type { Answers } from "./answers.ts";
import { createOpening, type Opening } from "./connection-opening.ts";
import { readHot } from "./hot.ts";
import { answerPlain } from "./plain.ts";
import { parseMessage } from "./stdio-transport.ts";

/** Bytes that are read at once, and the most that wait here for the end of their line. */
export const BEGINNING_BYTES = 64 * 1024;

const NEWLINE = 0x0a;

/** Blocking reads and writes of the client's two pipes; an error means that they cannot be had. */
export interface Pipes {
  /** Bytes put into `buffer`, 0 at the end. */
  read(buffer: Buffer): number;
  /** Bytes of `data` that were taken. */
  write(data: Buffer): number;
}

/** How a connection began, and what is left to do for who takes it on. */
export interface Beginning {
  opening: Opening;
  /** Whether the tools were listed: a call comes next. */
  listed: boolean;
  /** What was read and not answered. */
  rest: Buffer;
  /** What was answered and not taken. */
  unsent: Buffer;
}

const NOTHING = Buffer.alloc(0);

export const nothingYet = (): Beginning => ({
  opening: createOpening(),
  listed: false,
  rest: NOTHING,
  unsent: NOTHING,
});

const standardPipes = (): Pipes => {
  const { readSync, writeSync } = fs();
  return { read: (buffer) => readSync(0, buffer), write: (data) => writeSync(1, data) };
};

/**
 * Answers what a client asks first, until the tools are listed or something comes that is not of the
 * ordinary form. Streams and what else a connection needs cost a tenth of a start and more, and who
 * only lists never needs them. Until then the process waits in a read, so a signal ends it as it
 * ends a program that knows of none: nothing is open yet.
 */
export function answerBeginning(answers: Answers, pipes: Pipes = standardPipes()): Beginning {
  const beginning = nothingYet();
  const buffer = Buffer.allocUnsafe(BEGINNING_BYTES);
  let size = 0;
  let begun = 0;
  while (size < BEGINNING_BYTES) {
    const count = attempt(() => pipes.read(buffer.subarray(size)));
    if (count === 0) break;
    size += count;
    const read = buffer.subarray(0, size);
    for (let end = read.indexOf(NEWLINE, begun); end !== -1; end = read.indexOf(NEWLINE, begun)) {
      const answered = answerLine(read.toString("utf8", begun, end), answers, beginning);
      if (answered === undefined) return { ...beginning, rest: read.subarray(begun) };
      begun = end + 1;
      beginning.unsent = send(answered, pipes);
      if (beginning.listed || beginning.unsent.length > 0)
        return { ...beginning, rest: read.subarray(begun) };
    }
  }
  return { ...beginning, rest: buffer.subarray(begun, size) };
}

/** The answer to a line, empty when it wants none; undefined when it is not for the beginning. */
function answerLine(line: string, answers: Answers, beginning: Beginning): string | undefined {
  const message = parseMessage(line);
  if (!message) return undefined;
  const { opening } = beginning;
  const isWord = message.method === "notifications/initialized" && message.id === undefined;
  if (isWord && opening.phase === "legacy") {
    opening.initialized(message);
    return "";
  }
  const hot = readHot(message);
  if (!hot || hot.method === "tools/call" || !opening.isOurs(hot)) return undefined;
  opening.answered(hot, message);
  beginning.listed = hot.method === "tools/list";
  return `${answerPlain(answers, hot)}\n`;
}

/** What of it was not taken. */
function send(text: string, { write }: Pipes): Buffer {
  let data = Buffer.from(text);
  while (data.length > 0) {
    const count = attempt(() => write(data));
    if (count === 0) break;
    data = data.subarray(count);
  }
  return data;
}

/** 0 where pipes do not block, or are broken: streams, which come next, find out which. */
function attempt(transfer: () => number): number {
  try {
    return transfer();
  } catch {
    return 0;
  }
}
