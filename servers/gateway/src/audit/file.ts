import { type FileHandle, open, readdir, rename, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { hashOf } from "./chain.ts";

/** Bytes from the end of a file in which its last line is looked for. */
const TAIL_BYTES = 65_536;
const PRIVATE = 0o600;

/** Where a chain goes on. */
export interface Tail {
  seq: number;
  prev: string;
}

/** The end of the log; undefined for one that begins. A last line that was written only in part counts as none. */
export async function readTail(file: string): Promise<Tail | undefined> {
  for (const part of (await filesOf(file)).reverse()) {
    const tail = await tailOf(part);
    if (tail) return tail;
  }
  return undefined;
}

async function tailOf(part: string): Promise<Tail | undefined> {
  const handle = await open(part, "r");
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, TAIL_BYTES);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    for (const line of buffer.toString("utf8").split("\n").reverse()) {
      const parsed = parseLine(line);
      if (parsed) return { seq: parsed.seq + 1, prev: parsed.hash };
    }
    return undefined;
  } finally {
    await handle.close();
  }
}

export interface ParsedLine {
  seq: number;
  prev: string;
  hash: string;
  /** Whether its own hash is right. */
  isWhole: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: members differ by event
  value: any;
}

const HASH = /,"hash":"([A-Za-z0-9_-]{43})"\}$/;

/** A line of the log; undefined for a text that is none. */
export function parseLine(line: string): ParsedLine | undefined {
  const found = HASH.exec(line);
  if (!found) return undefined;
  try {
    const value = JSON.parse(line);
    const hash = found[1] ?? "";
    const isWhole = hashOf(line.slice(0, found.index)) === hash;
    return { seq: Number(value.seq), prev: String(value.prev), hash, isWhole, value };
  } catch {
    return undefined;
  }
}

/** A log that is written on. */
export interface OpenLog {
  handle: FileHandle;
  size: number;
}

/** Opens the log to be written on; a torn last line is ended first. */
export async function openLog(file: string): Promise<OpenLog> {
  const handle = await open(file, "a", PRIVATE);
  let { size } = await handle.stat();
  if (size > 0 && !(await endsWithNewline(file, size))) {
    await handle.appendFile("\n");
    size++;
  }
  return { handle, size };
}

async function endsWithNewline(file: string, size: number): Promise<boolean> {
  const handle = await open(file, "r");
  try {
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] === 10;
  } finally {
    await handle.close();
  }
}

/** `audit.jsonl` becomes `audit.jsonl.1`, or the next number that is free. */
export async function rotate(file: string): Promise<void> {
  const numbers = await rotated(file);
  await rename(file, `${file}.${(numbers.at(-1) ?? 0) + 1}`);
}

async function rotated(file: string): Promise<number[]> {
  const prefix = `${basename(file)}.`;
  const names = await readdir(dirname(file)).catch(() => []);
  return names
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .sort((a, b) => a - b);
}

/** All files of a log, the oldest first. */
export async function filesOf(file: string): Promise<string[]> {
  const numbers = await rotated(file);
  const isThere = await stat(file).then(
    () => true,
    () => false,
  );
  return [
    ...numbers.map((number) => join(dirname(file), `${basename(file)}.${number}`)),
    ...(isThere ? [file] : []),
  ];
}
