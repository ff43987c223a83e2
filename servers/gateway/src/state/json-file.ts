import { randomUUID } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  unwatchFile,
  watchFile,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import * as z from "zod";
import { StartError } from "#shared/core/lifecycle.ts";

/** Only the gateway's own user reads what it keeps. */
const PRIVATE = 0o600;
/** Milliseconds between two looks at a file that others may change. */
export const LOOK_MS = 1_000;

/** Reads a file of the gateway's own; undefined when there is none. Throws a StartError that says what is wrong with it. */
export function readJsonFile<S extends z.ZodType>(
  file: string,
  schema: S,
): z.output<S> | undefined {
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new StartError(`${file} is not JSON: restore it, or remove it to begin anew`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new StartError(`${file} is malformed: ${z.prettifyError(parsed.error)}`);
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") return undefined;
    throw new StartError(`${file} cannot be read: ${String(code ?? error)}`);
  }
}

export const writeJsonFile = (file: string, value: unknown): void =>
  writeWhole(file, `${JSON.stringify(value, null, 2)}\n`);

/** Whole or not at all: whoever reads it meanwhile, or after a crash, has the old or the new one. */
export function writeWhole(file: string, text: string): void {
  // processes in containers have the same numbers
  const next = `${file}.${randomUUID()}.tmp`;
  mkdirSync(dirname(file), { recursive: true });
  try {
    const open = openSync(next, "w", PRIVATE);
    try {
      writeSync(open, text);
      fsyncSync(open);
    } finally {
      closeSync(open);
    }
    renameSync(next, file);
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  }
}

/** Tells when a file is another one, also when it was replaced. Returns how to stop. */
export function watchJsonFile(file: string, onChange: () => void): () => void {
  const listener = (
    now: { mtimeMs: number; ino: number },
    before: { mtimeMs: number; ino: number },
  ) => {
    if (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino) onChange();
  };
  watchFile(file, { interval: LOOK_MS, persistent: false }, listener);
  return () => unwatchFile(file, listener);
}
